/**
 * The built-in Apache config as a tree, like any other: its lines are quoted by their words alone.
 */
import type { ConfigTree, Node } from "../language/config-tree.js";
import { parseConfig } from "../language/parse-config.js";
import type { ApacheSettings } from "./settings.js";
import { builtInConfig } from "./template.js";

export const builtInName = "the built-in config";

/**
 * @param backendPorts of wsrally's backend
 * @param http what clients speak
 */
export function builtInTree(
  settings: ApacheSettings,
  connections: number,
  backendPorts: number,
  http: 1 | 2 = 1,
): ConfigTree {
  return parseConfig(builtInConfig(settings, connections, backendPorts, http), builtInName).map(
    withoutPlaces,
  );
}

function withoutPlaces(node: Node): Node {
  return { ...node, place: null, block: node.block?.map(withoutPlaces) ?? null };
}
