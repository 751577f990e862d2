/**
 * A config's fields as they are quoted: on one line, short.
 */
import { type Quote, quoteAt } from "../../../diagnosis/quote.js";
import { type ConfigNode, entryOf, plainOf } from "../language/config-node.js";

const longest = 60;

/** `stream_idle_timeout: 10s`; null where the field is not there. */
export function quoteOf(node: ConfigNode | null, name: string): Quote | null {
  const entry = entryOf(node, name);
  return entry === null ? null : { text: `${entry.key}: ${flow(entry.value)}`, place: entry.place };
}

/** The same within a sentence: "`stream_idle_timeout: 10s` at site.yaml:12". */
export function written(node: ConfigNode | null, name: string): string {
  const quote = quoteOf(node, name);
  return quote === null ? `\`${name}\`` : quoteAt(quote);
}

export function defaultQuote(text: string): Quote {
  return { text, place: null };
}

function flow(node: ConfigNode): string {
  const text = node.kind === "scalar" ? String(node.value) : inFlow(node);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function inFlow(node: ConfigNode): string {
  if (node.kind === "list") return `[${node.items.map(inFlow).join(", ")}]`;
  if (node.kind === "map")
    return `{${node.entries.map(({ key, value }) => `${key}: ${inFlow(value)}`).join(", ")}}`;
  return typeof node.value === "string" && /^[\w./:*@-]+$/.test(node.value)
    ? node.value
    : JSON.stringify(plainOf(node));
}
