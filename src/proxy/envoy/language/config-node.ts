/**
 * Fields of an Envoy config: by protobuf's names, in either of their spellings.
 */
import type { ConfigNode } from "../../tree/config-node.js";
import { createTreeAccess } from "../../tree/tree-access.js";

/** Protobuf's JSON knows a field by its own name and by a camel-case one. */
export function fieldName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const {
  entryOf,
  nodeAt,
  itemsAt,
  textAt,
  numberAt,
  isTrueAt,
  withField,
  withoutField,
  withItems,
  withMap,
} = createTreeAccess((key, name) => key === name || fieldName(key) === name);

/** A duration as protobuf's JSON has it, "1.5s", in seconds; null where there is none. */
export function secondsAt(node: ConfigNode | null, ...names: readonly string[]): number | null {
  const [, digits] = /^(-?[\d.]+)s$/.exec(textAt(node, ...names) ?? "") ?? [];
  const seconds = Number(digits);
  return digits === undefined || Number.isNaN(seconds) ? null : seconds;
}

/** The name of a message's type: "Router" of `…router.v3.Router`; null where it has none. */
export function typeOf(node: ConfigNode | null): string | null {
  const full = fullTypeOf(node);
  return full === null ? null : (full.split(".").at(-1) as string);
}

/** "envoy.extensions.filters.http.router.v3.Router" */
export function fullTypeOf(node: ConfigNode | null): string | null {
  const text = textAt(node, "@type");
  return text === null ? null : text.slice(text.lastIndexOf("/") + 1);
}
