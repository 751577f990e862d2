/**
 * A tree as a Caddyfile: one directive a line, imports and variables already in, so that Caddy reads what wsrally read.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { Block, ConfigTree, Directive, Word } from "./config-tree.js";

export interface PrintedConfig {
  readonly text: string;
  /** Of each line; null for one that wsrally added. */
  readonly places: readonly (Place | null)[];
}

interface Line {
  readonly text: string;
  readonly place: Place | null;
}

export function printConfig(tree: ConfigTree): PrintedConfig {
  const lines = tree.flatMap(printBlock).flatMap(({ text, place }) =>
    // A word may hold line ends of its own.
    text.split("\n").map((part): Line => ({ text: part, place })),
  );
  return {
    text: lines.map(({ text }) => `${text}\n`).join(""),
    places: lines.map(({ place }) => place),
  };
}

function printBlock({ kind, keys, lines, place }: Block): Line[] {
  const names = keys.map(printWord);
  const head =
    kind === "named-route" ? `&(${keys[0]?.text}) ` : kind === "site" ? `${names.join(", ")} ` : "";
  return [
    { text: `${head}{`, place },
    ...lines.flatMap((line) => printDirective(line, 1)),
    { text: "}", place: null },
  ];
}

function printDirective({ name, args, block, place }: Directive, depth: number): Line[] {
  const indent = "\t".repeat(depth);
  const head = [printWord({ text: name, quoted: false, place }), ...args.map(printWord)].join(" ");
  if (block === null) return [{ text: `${indent}${head}`, place }];
  return [
    { text: `${indent}${head} {`, place },
    ...block.flatMap((line) => printDirective(line, depth + 1)),
    { text: `${indent}}`, place: null },
  ];
}

/** In quotes where it would be more than one word, or another. */
export function printWord({ text, quoted }: Word): string {
  const isPlain = text !== "" && !/[\s"`\\#]/.test(text) && !/^(?:[{}]|import|<<)/.test(text);
  const isBare = isPlain || (!quoted && /^\{[^\s{}]+\}/.test(text) && !/[\s"`\\#]/.test(text));
  if (
    isBare ||
    (!quoted && !/[\s"`]/.test(text) && text !== "" && !/^[#]/.test(text) && !/^[{}]$/.test(text))
  )
    return text;
  return text.includes("`") ? `"${text.replaceAll('"', '\\"')}"` : `\`${text}\``;
}
