/**
 * An Envoy config's fields as they are quoted.
 */
import { type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { quoteEntry } from "../../tree/quote-entry.js";
import { entryOf } from "../language/config-node.js";

/** `stream_idle_timeout: 10s`; null where the field is not there. */
export function quoteOf(node: ConfigNode | null, name: string): Quote | null {
  const entry = entryOf(node, name);
  return entry === null ? null : quoteEntry(entry);
}

/** The same within a sentence: "`stream_idle_timeout: 10s` at site.yaml:12". */
export function written(node: ConfigNode | null, name: string): string {
  const quote = quoteOf(node, name);
  return quote === null ? `\`${name}\`` : quoteAt(quote);
}

export function defaultQuote(text: string): Quote {
  return { text, place: null };
}
