/**
 * The user's own handshake, made ready once: variables of the environment read, and what each connection has of its own put
 * beside the rest. What comes of it is for requests, and is neither stored nor shown.
 */
import { parseCsv } from "../base/csv.js";
import { messageOf, UsageError } from "../base/errors.js";
import { readSmallFile } from "../base/read-small-file.js";
import { parseTemplate } from "../base/text-template.js";
import type { Target } from "../load/messages.js";
import type { Workload } from "../scenario/workload.js";
import { type FilledText, fillText } from "../websocket/filled-text.js";

/** Null for a path that was not given. */
export type OwnHandshake = Pick<Target, "fields" | "subprotocols" | "rows"> & {
  readonly path: FilledText | null;
};

type Asked = Pick<Workload, "path" | "headers" | "cookies" | "subprotocols" | "dataFile">;

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
  return {
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

/** Where a value goes: what may stand there, and how it is written. */
interface Place {
  readonly name: string;
  readonly wanted: RegExp;
  readonly words: string;
  readonly write: (value: string) => string;
}

const asItIs = (value: string): string => value;
const inPath: Place = { name: "path", wanted: /^/, words: "", write: encodeURIComponent };
const inHeader: Place = {
  name: "header",
  wanted: /^[\t\x20-\x7e]*$/,
  words: "ASCII in one line",
  write: asItIs,
};
const inCookie: Place = {
  name: "cookie",
  wanted: /^[!-:<-~]*$/,
  words: "ASCII without blanks and semicolons",
  write: asItIs,
};
const inSubprotocol: Place = {
  name: "subprotocol",
  wanted: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/,
  words: "a token",
  write: asItIs,
};

interface Data {
  readonly file: string;
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}

function readData(file: string): Data {
  let text: string;
  try {
    text = readSmallFile(file).toString("utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read the data ${file}: ${messageOf(thrown)}`);
  }
  const [columns, ...records] = parseCsv(text) ?? [];
  if (columns === undefined || records.length === 0)
    throw new UsageError(`Cannot use the data ${file}: want CSV with names in its first line and rows below`);
  const odd = records.findIndex((record) => record.length !== columns.length);
  if (odd !== -1) {
    const [has, want] = [records[odd]?.length ?? 0, columns.length];
    throw new UsageError(
      `Cannot use the data ${file}: row ${odd + 1} has ${has} values, the first line ${want}`,
    );
  }
  return { file, columns: columns.map((name) => name.trim()), records };
}

class Filler {
  readonly #data: Data | null;
  readonly #environment: NodeJS.ProcessEnv;
  /** For each column of the rows: the data's values as they are written in one kind of place. */
  readonly #used: { readonly name: string; readonly place: Place; readonly values: readonly string[] }[] = [];

  constructor(data: Data | null, environment: NodeJS.ProcessEnv) {
    this.#data = data;
    this.#environment = environment;
  }

  fill(text: string, place: Place): (string | number)[] {
    return parseTemplate(text).map((part) => {
      if (part.kind === "text") return part.text;
      return part.kind === "env" ? this.#variable(part.name, place) : this.#column(part.name, place);
    });
  }

  /** The values of the used columns alone, row by row. */
  rows(): string[][] {
    if (this.#used.length === 0) return [];
    return (this.#data?.records ?? []).map((_, row) => this.#used.map(({ values }) => values[row] ?? ""));
  }

  #variable(name: string, place: Place): string {
    const value = this.#environment[name];
    if (value === undefined || value === "")
      throw new UsageError(`Cannot fill \${env:${name}} in: the environment has no ${name}, or an empty one`);
    if (place.wanted.test(value)) return place.write(value);
    throw new UsageError(`Cannot put \${env:${name}} into a ${place.name}: want ${place.words}`);
  }

  #column(name: string, place: Place): number {
    const known = this.#used.findIndex((column) => column.name === name && column.place === place);
    if (known !== -1) return known;
    if (this.#data === null)
      throw new UsageError(`Cannot fill {{${name}}} in: want --data FILE.csv with a column ${name}`);
    const { file, columns, records } = this.#data;
    const at = columns.indexOf(name);
    if (at === -1)
      throw new UsageError(`Cannot fill {{${name}}} in: ${file} has the columns ${columns.join(", ")}`);
    const values = records.map((record, row) => {
      const value = record[at] ?? "";
      if (place.wanted.test(value)) return place.write(value);
      const where = `the ${name} of row ${row + 1} of ${file}`;
      throw new UsageError(`Cannot put ${where} into a ${place.name}: want ${place.words}`);
    });
    return this.#used.push({ name, place, values }) - 1;
  }
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
