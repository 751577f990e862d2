/**
 * Traefik takes a file of routes for a template of Go's (text/template, with Sprig) before it reads it. What asks the
 * environment, and plain texts, are rendered here, line for line; everything else is refused, and nothing is run.
 */
import { UsageError } from "../../../base/errors.js";

export interface Rendered {
  readonly text: string;
  /** What was put in for variables of the environment, by their names. */
  readonly variables: ReadonlyMap<string, string>;
}

export type ReadVariable = (name: string) => string;

const action = /\{\{-?\s*((?:"(?:[^"\\]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|[^"`])*?)\s*-?\}\}/g;

/** @throws UsageError with the line for an action that is not rendered */
export function renderTemplate(file: string, text: string, read: ReadVariable): Rendered {
  const variables = new Map<string, string>();
  const ask: ReadVariable = (name) => {
    const value = read(name);
    variables.set(name, value);
    return value;
  };
  const lines = (at: number): number => text.slice(0, at).split("\n").length;
  const rendered = text.replace(action, (whole: string, inner: string, at: number) => {
    const value = isInComment(text, at) ? whole : renderedAction(inner, ask);
    if (value === null || (value !== whole && crossesLines(text, at, whole)))
      throw new UsageError(
        `Cannot adopt ${file}:${lines(at)}: ${shortened(whole)} is of Go's template language, of which wsrally renders ` +
          "texts and `env` alone; want the file as Traefik gets it",
      );
    return value;
  });
  return { text: rendered, variables };
}

function isInComment(text: string, at: number): boolean {
  return /^\s*#/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
}

/** A `{{-` takes white space away, and with it lines. */
function crossesLines(text: string, at: number, whole: string): boolean {
  const before = whole.startsWith("{{-") && /(?:^|\n)[ \t]*$/.test(text.slice(0, at)) && at > 0;
  const after = whole.endsWith("-}}") && /^[ \t]*\r?\n/.test(text.slice(at + whole.length));
  return before || after || (whole.includes("\n") && !whole.includes("/*"));
}

const word = '("(?:[^"\\\\]|\\\\.)*"|`[^`]*`)';
const forms: readonly (readonly [RegExp, (words: readonly string[], ask: ReadVariable) => string])[] = [
  [/^\/\*([\s\S]*)\*\/$/, ([comment = ""]) => comment.replace(/[^\n]/g, "")],
  [new RegExp(`^${word}$`), ([one = ""]) => bare(one)],
  [new RegExp(`^env ${word}$`), ([name = ""], ask) => ask(bare(name))],
  [new RegExp(`^env ${word}\\s*\\|\\s*quote$`), ([name = ""], ask) => JSON.stringify(ask(bare(name)))],
  [
    new RegExp(`^env ${word}\\s*\\|\\s*default ${word}$`),
    ([name = "", other = ""], ask) => ask(bare(name)) || bare(other),
  ],
  [
    new RegExp(`^default ${word} \\(\\s*env ${word}\\s*\\)$`),
    ([other = "", name = ""], ask) => ask(bare(name)) || bare(other),
  ],
];

/** Null for what is not known. */
function renderedAction(inner: string, ask: ReadVariable): string | null {
  for (const [pattern, render] of forms) {
    const words = pattern.exec(inner.trim());
    if (words !== null) return render(words.slice(1), ask);
  }
  return null;
}

function bare(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return quoted.startsWith('"') ? inner.replace(/\\(.)/g, "$1") : inner;
}

function shortened(words: string): string {
  const line = words.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** A text of our own that Traefik is to take for none. */
export function withoutTemplates(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}
