/**
 * A tree as the YAML that Traefik is given. It reads numbers and switches as it does those of its command line, so that every
 * value may be a text.
 */
import { stringify } from "yaml";
import { type ConfigMap, type ConfigNode, type Plain, plainOf } from "../../tree/config-node.js";

export function printConfig(tree: ConfigMap): string {
  return stringify(plainOf(withoutNothing(tree)) as Plain, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Fields that say nothing are as if they were not there, for Traefik too. */
function withoutNothing(node: ConfigNode): ConfigNode {
  if (node.kind === "list") return { ...node, items: node.items.map(withoutNothing) };
  if (node.kind === "scalar") return node;
  const entries = node.entries
    .filter(({ value }) => value.kind !== "scalar" || value.value !== null)
    .map((entry) => ({ ...entry, value: withoutNothing(entry.value) }));
  return { ...node, entries };
}
