/**
 * A Caddyfile as a tree: blocks with their keys, directives with their words, each with the place it is written at. A JSON
 * config is told in the same words (`json-tree.ts`), so that whoever explains a config need not know which it is.
 */
import type { Place } from "../../../diagnosis/quote.js";

export interface Word {
  readonly text: string;
  /** A brace in quotes is none, and `"import"` imports nothing. */
  readonly quoted: boolean;
  readonly place: Place;
}

/** `reverse_proxy /ws* app:9000 { … }`; a matcher's definition is one too, with its name for a directive's. */
export interface Directive {
  readonly name: string;
  readonly args: readonly Word[];
  /** Null where it has none. */
  readonly block: readonly Directive[] | null;
  readonly place: Place;
}

export interface Block {
  /** A snippet is not kept: what imports it has its lines. */
  readonly kind: "global" | "site" | "named-route";
  /** Addresses of a site; the name of a route. */
  readonly keys: readonly Word[];
  readonly lines: readonly Directive[];
  readonly place: Place;
  /** Order of its lines: `literal` for one of JSON, where none is sorted. */
  readonly order: "by-directive" | "literal";
}

export type ConfigTree = readonly Block[];

/** As it is written, without its block. */
export function directiveText({ name, args }: Directive): string {
  return [
    name,
    ...args.map(({ text, quoted }) => (quoted && /[\s"{}]|^$/.test(text) ? `"${text}"` : text)),
  ].join(" ");
}

export function words({ args }: Pick<Directive, "args">): string[] {
  return args.map(({ text }) => text);
}

/** With all that stands in their blocks, outer before inner. */
export function* everyDirective(lines: readonly Directive[]): Generator<Directive> {
  for (const line of lines) {
    yield line;
    yield* everyDirective(line.block ?? []);
  }
}

export function* directivesOf(tree: ConfigTree): Generator<Directive> {
  for (const { lines } of tree) yield* everyDirective(lines);
}

/** The lines of a directive's block that have one of the names. */
export function linesNamed({ block }: Pick<Directive, "block">, ...names: readonly string[]): Directive[] {
  return (block ?? []).filter(({ name }) => names.includes(name));
}

/** The last of them, which is the one that counts. */
export function lineNamed(
  directive: Pick<Directive, "block">,
  ...names: readonly string[]
): Directive | null {
  return linesNamed(directive, ...names).at(-1) ?? null;
}

export function globalLines(tree: ConfigTree): readonly Directive[] {
  return tree.find(({ kind }) => kind === "global")?.lines ?? [];
}

export function sitesOf(tree: ConfigTree): Block[] {
  return tree.filter(({ kind }) => kind === "site");
}

/** "30s", "1h30m", "1d" or, in JSON, nanoseconds; null for what is no duration. */
export function secondsOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text) / 1e9;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce((sum, [, number, unit = "s"]) => sum + Number(number) * (unitSeconds[unit] ?? 0), 0);
}

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};
