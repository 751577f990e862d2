/**
 * A config's fields as they are quoted: on one line, short.
 */
import type { Quote } from "../../diagnosis/quote.js";
import { type ConfigEntry, type ConfigNode, plainOf } from "./config-node.js";

const longest = 60;

/** `stream_idle_timeout: 10s` */
export function quoteEntry({ key, value, place }: ConfigEntry): Quote {
  return { text: `${key}: ${flow(value)}`, place };
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
