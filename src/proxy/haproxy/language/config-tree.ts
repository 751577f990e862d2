/**
 * An HAProxy config as sections of lines, each with the place it was written at.
 */
import type { Place } from "../../../diagnosis/quote.js";
import { quotedWords } from "./mask-config.js";

export interface ConfigLine {
  /** The first word: "timeout", "bind"; "no" stands apart. */
  readonly name: string;
  readonly args: readonly string[];
  /** Whether `no` stands before it. */
  readonly negated: boolean;
  /** As its user wrote it; null once wsrally changed a word. */
  readonly source: string | null;
  /** Environment variables that it asks for. */
  readonly variables: readonly string[];
  /** Null for a line that wsrally added. */
  readonly place: Place | null;
}

export interface Section {
  /** "global", "defaults", "frontend" … */
  readonly kind: string;
  /** Null for a section without one. */
  readonly name: string | null;
  /** The `defaults` that it names with `from`. */
  readonly from: string | null;
  /** The words of its heading after the keyword. */
  readonly args: readonly string[];
  readonly lines: readonly ConfigLine[];
  readonly place: Place | null;
}

export type ConfigTree = readonly Section[];

/** Sections that connections go through. */
const proxyKinds: ReadonlySet<string> = new Set(["frontend", "backend", "listen"]);

export function isProxy({ kind }: Section): boolean {
  return proxyKinds.has(kind);
}

export function isFrontend({ kind }: Section): boolean {
  return kind === "frontend" || kind === "listen";
}

export function isBackend({ kind }: Section): boolean {
  return kind === "backend" || kind === "listen";
}

/** A line of wsrally's own. */
export function line(name: string, ...args: readonly string[]): ConfigLine {
  return { name, args, negated: false, source: null, variables: [], place: null };
}

/** The same line with other words after its name. */
export function withArgs(old: ConfigLine, args: readonly string[]): ConfigLine {
  return { ...old, args, source: null };
}

/** "timeout tunnel 1h", for quotations: without secrets. */
export function lineText({ name, args, negated }: Pick<ConfigLine, "name" | "args" | "negated">): string {
  return quotedWords([...(negated ? ["no"] : []), name, ...args]);
}

/** "backend app", "defaults". */
export function sectionText({ kind, name }: Section): string {
  return name === null ? kind : `${kind} ${name}`;
}

/** Whether a line begins with these words: `timeout tunnel`, `option httpclose`. */
export function startsWith({ name, args }: ConfigLine, words: readonly string[]): boolean {
  return name === words[0] && words.slice(1).every((word, index) => args[index] === word);
}

/** New sections in which every line is replaced by what `change` makes of it: none, itself, or several. */
export function rewriteLines(
  tree: ConfigTree,
  change: (line: ConfigLine, section: Section) => readonly ConfigLine[],
): Section[] {
  return tree.map((section) => ({
    ...section,
    lines: section.lines.flatMap((one) => change(one, section)),
  }));
}
