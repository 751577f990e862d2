/**
 * The user's own handshake and messages, made ready once: variables of the environment read, and what each connection has of its own put
 * beside the rest. What comes of it is for requests, and is neither stored nor shown.
 */
import type { Target } from "../load/messages.js";
import type { Talk } from "../load/talk/talk.js";
import type { Workload } from "../scenario/workload.js";
import { type FilledText, fillText } from "../websocket/filled-text.js";
import { readOwnTalk } from "./own-talk.js";
import { Filler, inCookie, inHeader, inPath, inSubprotocol, readData } from "./template-filler.js";

/** Null for a path that was not given. */
export type OwnHandshake = Pick<Target, "fields" | "subprotocols" | "rows"> & {
  readonly path: FilledText | null;
  /** Null where messages are wsrally's own. */
  readonly talk: Talk | null;
  /** What came from the environment into messages: wherever it stands again, it is hidden. */
  readonly hidden: readonly string[];
};

type Asked = Pick<
  Workload,
  "path" | "headers" | "cookies" | "subprotocols" | "dataFile" | "message" | "conversation"
>;

/** @throws UsageError for a variable that is not set, a column that is not there, or a value that cannot stand in its place */
export function readOwnHandshake(asked: Asked, environment: NodeJS.ProcessEnv = process.env): OwnHandshake {
  const { path, headers, cookies, subprotocols, dataFile } = asked;
  const data = dataFile === null ? null : readData(dataFile);
  const filler = new Filler(data, environment);
  const filledPath = path === null ? null : filler.fill(path, inPath);
  // A client sends one Cookie header at most (RFC 6265, 5.4).
  const pairs = [
    ...headers.filter(isCookie).map(({ value }) => filler.fill(value, inHeader)),
    ...cookies.map(({ name, value }) => [`${name}=`, ...filler.fill(value, inCookie)]),
  ];
  const cookie = pairs.flatMap((pair, index) => (index === 0 ? pair : ["; ", ...pair]));
  const fields = headers
    .filter((header) => !isCookie(header))
    .map(({ name, value }) => ({ name, value: simplified(filler.fill(value, inHeader)) }));
  const talk = readOwnTalk(asked, filler);
  return {
    talk,
    hidden: filler.secrets(),
    path: filledPath === null ? null : simplified(filledPath),
    fields: cookie.length === 0 ? fields : [...fields, { name: "Cookie", value: simplified(cookie) }],
    subprotocols: subprotocols.map((name) => fillText(filler.fill(name, inSubprotocol), [])),
    rows: filler.rows(),
  };
}

/** What a proxy chooses its route by: the first connection's path, without the query. */
export function routedPath({ path, rows: [first = []] }: Pick<OwnHandshake, "path" | "rows">): string | null {
  return path === null ? null : (fillText(path, first).split("?")[0] ?? null);
}

function isCookie({ name }: { readonly name: string }): boolean {
  return name.toLowerCase() === "cookie";
}

/** Neighbouring texts joined; one text alone is one. */
function simplified(parts: readonly (string | number)[]): FilledText {
  const joined: (string | number)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  const [only = "", ...more] = joined;
  return more.length === 0 && typeof only === "string" ? only : joined;
}
