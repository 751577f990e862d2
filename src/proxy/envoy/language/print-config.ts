/**
 * A tree as the JSON that Envoy is given: it knows of no YAML 1.1, and no field twice.
 */
import { type ConfigMap, plainOf } from "../../tree/config-node.js";

export function printConfig(tree: ConfigMap): string {
  return `${JSON.stringify(plainOf(tree), null, 2)}\n`;
}
