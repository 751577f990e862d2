/**
 * Sections as text again, and for every line of it where it came from.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigLine, ConfigTree, Section } from "./config-tree.js";
import { printWord } from "./words.js";

export interface PrintedConfig {
  readonly text: string;
  /** By line, from the first. */
  readonly places: readonly (Place | null)[];
}

interface PrintSettings {
  /** Whether lines that nobody changed may stand as they were written, with what they ask of the environment. */
  readonly keepsSource: boolean;
}

export function printConfig(tree: ConfigTree, { keepsSource }: PrintSettings): PrintedConfig {
  const lines: string[] = [];
  const places: (Place | null)[] = [];
  const add = (text: string, place: Place | null): void => {
    lines.push(text);
    places.push(place);
  };
  for (const section of tree) {
    add(heading(section), section.place);
    for (const one of section.lines) add(`  ${lineWords(one, keepsSource)}`, one.place);
  }
  return { text: lines.map((text) => `${text}\n`).join(""), places };
}

function heading({ kind, args }: Section): string {
  return [kind, ...args.map(printWord)].join(" ");
}

function lineWords({ name, args, negated, source }: ConfigLine, keepsSource: boolean): string {
  if (keepsSource && source !== null) return source;
  return [...(negated ? ["no"] : []), name, ...args].map(printWord).join(" ");
}
