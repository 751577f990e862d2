/**
 * The directives that a refusal of nginx is about: those of the line that it names, or where it names none, the one
 * that holds a word which it quotes.
 */
import { type Directive, type Origin, type Path, walk } from "../language/nginx-tree.js";

export interface Placed {
  readonly node: Directive;
  readonly path: Path;
}

const place = /^(.*) in (.+?)(?::(\d+)| \(a line that wsrally added\))$/s;

/** "… in site.conf:12" without its end. */
export function withoutPlace(words: string): string {
  return place.exec(words)?.[1] ?? words;
}

function refusedLine(words: string): Origin | null {
  const [, , file, line] = place.exec(words) ?? [];
  return file === undefined || line === undefined ? null : { file, line: Number(line) };
}

/** None for a refusal that names no line. */
export function directivesRefused(tree: readonly Directive[], words: string): readonly Placed[] {
  const line = refusedLine(words);
  return line === null
    ? []
    : [...walk(tree)].filter(({ node }) => node.origin?.file === line.file && node.origin.line === line.line);
}

/** The first directive of the user's with one of the words that are quoted: a zone, a file, a list of curves. */
export function directiveQuoted(tree: readonly Directive[], words: string): Directive | null {
  const quoted = [...words.matchAll(/"([^"]+)"/g)].map(([, word = ""]) => word);
  // A file is named from the root.
  const isQuoted = (arg: string): boolean =>
    quoted.some((word) => arg === word || arg === `zone=${word}` || word.endsWith(`/${arg}`));
  return [...walk(tree)].find(({ node }) => node.origin !== null && node.args.some(isQuoted))?.node ?? null;
}
