/**
 * What holds in a proxy section: its own lines, else those of the `defaults` before it or that it names.
 */
import { type ConfigLine, type ConfigTree, isProxy, type Section, startsWith } from "./config-tree.js";

/** The sections whose lines hold in one, itself first, then its defaults, then what those are made from. */
export function scopesOf(section: Section, tree: ConfigTree): readonly Section[] {
  const scopes = [section];
  for (let at = defaultsOf(section, tree); at !== null && !scopes.includes(at); at = defaultsOf(at, tree))
    scopes.push(at);
  return scopes;
}

/** A section without `from` has the defaults that were read last; defaults without it begin afresh. */
function defaultsOf(section: Section, tree: ConfigTree): Section | null {
  const before = tree.slice(0, tree.indexOf(section)).filter(({ kind }) => kind === "defaults");
  if (section.from !== null) return before.findLast(({ name }) => name === section.from) ?? null;
  return isProxy(section) ? (before.at(-1) ?? null) : null;
}

/** The line that holds, which may be a `no …`; the last of a section counts. */
export function effective(section: Section, tree: ConfigTree, words: readonly string[]): ConfigLine | null {
  for (const { lines } of scopesOf(section, tree)) {
    const found = lines.findLast((one) => startsWith(one, words));
    if (found !== undefined) return found;
  }
  return null;
}

/** The option's line where it is on. */
export function effectiveOption(section: Section, tree: ConfigTree, name: string): ConfigLine | null {
  const found = effective(section, tree, ["option", name]);
  return found === null || found.negated ? null : found;
}

/** All rules of a kind that hold: those of the defaults go first (HAProxy 2.6 and later). */
export function effectiveRules(section: Section, tree: ConfigTree, name: string): readonly ConfigLine[] {
  return [...scopesOf(section, tree)]
    .reverse()
    .flatMap(({ lines }) => lines.filter((one) => one.name === name && !one.negated));
}

export function modeOf(
  section: Section,
  tree: ConfigTree,
): { readonly mode: string; readonly line: ConfigLine | null } {
  const found = effective(section, tree, ["mode"]);
  return { mode: found?.args[0] ?? "tcp", line: found };
}

/** HAProxy's times: milliseconds unless a unit stands behind the number. */
const unitMs: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** @returns seconds, or null for what is no time */
export function secondsOf(text: string, bareUnit: "ms" | "s" = "ms"): number | null {
  const match = /^(\d+)(us|ms|s|m|h|d)?$/.exec(text);
  if (match === null) return null;
  return (Number(match[1]) * (unitMs[match[2] ?? bareUnit] as number)) / 1000;
}
