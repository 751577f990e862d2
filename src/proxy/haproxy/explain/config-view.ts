/**
 * A config seen from one request: the frontend, the backend and the servers that it comes to, and what holds there.
 */

import { placeWords, type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { HaproxyBuild } from "../language/conditions.js";
import {
  type ConfigLine,
  type ConfigTree,
  lineText,
  type Section,
  sectionText,
} from "../language/config-tree.js";
import { effective, secondsOf } from "../language/effective.js";
import type { ReadLines, WebSocketRoute } from "../route/find-web-socket.js";
import { withoutMarks } from "../run/config-marks.js";

export interface ConfigView {
  readonly tree: ConfigTree;
  /** Null for a config without a frontend. */
  readonly route: WebSocketRoute | null;
  /** Null where the request comes to none. */
  readonly backend: Section | null;
  readonly servers: readonly ConfigLine[];
  readonly program: HaproxyBuild | null;
  /** Of maps and of lists that conditions name. */
  readonly readLines: ReadLines;
}

export function viewRoute(
  tree: ConfigTree,
  route: WebSocketRoute | null,
  { program, readLines }: Pick<ConfigView, "program" | "readLines">,
): ConfigView {
  const { end = null } = route ?? {};
  return {
    tree,
    route,
    backend: end?.kind === "server" || end?.kind === "no-server" ? end.backend : null,
    servers: end?.kind === "server" ? end.servers : [],
    program,
    readLines,
  };
}

export function quoteOf(line: ConfigLine): Quote {
  return { text: withoutMarks(lineText(line)), place: line.place };
}

/** "`timeout tunnel 1h` at site.cfg:12" */
export function written(line: ConfigLine): string {
  return quoteAt(quoteOf(line));
}

/** "`backend app` at site.cfg:30" */
export function writtenSection(section: Section): string {
  return `\`${sectionText(section)}\` at ${placeWords(section.place)}`;
}

export function globalLine(
  { tree }: Pick<ConfigView, "tree">,
  ...words: readonly string[]
): ConfigLine | null {
  const lines = tree.filter(({ kind }) => kind === "global").flatMap((section) => section.lines);
  return (
    lines.findLast(({ name, args }) => words.every((word, index) => [name, ...args][index] === word)) ?? null
  );
}

export interface WrittenTime {
  readonly seconds: number;
  readonly line: ConfigLine;
}

/** A `timeout` that holds in a section; null where none is set, or 0, which is none. */
export function timeoutOf(
  { tree }: Pick<ConfigView, "tree">,
  section: Section | null,
  name: string,
): WrittenTime | null {
  const line = section === null ? null : effective(section, tree, ["timeout", name]);
  const seconds = line === null ? null : secondsOf(line.args[1] ?? "");
  return line === null || seconds === null || seconds === 0 ? null : { line, seconds };
}

/** A parameter of a `server`, its `default-server` included; null where it is not there. */
export function serverParameter(
  view: Pick<ConfigView, "tree" | "backend">,
  server: ConfigLine,
  name: string,
): { readonly value: string; readonly line: ConfigLine } | null {
  const given = parameterIn(server, 2, name);
  if (given !== null) return given;
  if (server.args.includes(`no-${name}`)) return null;
  const fallback = view.backend === null ? null : effective(view.backend, view.tree, ["default-server"]);
  return fallback === null ? null : parameterIn(fallback, 0, name);
}

function parameterIn(
  line: ConfigLine,
  from: number,
  name: string,
): { readonly value: string; readonly line: ConfigLine } | null {
  const at = line.args.indexOf(name, from);
  return at === -1 ? null : { value: line.args[at + 1] ?? "", line };
}
