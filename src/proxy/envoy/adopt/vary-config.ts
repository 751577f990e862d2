/**
 * A config whose times are made short enough to be waited for.
 */

import { type ConfigMap, nodeOf, rewriteMaps } from "../../tree/config-node.js";
import type { Variant } from "../../variant.js";
import { typeOf, withField, withMap } from "../language/config-node.js";

/** Quiet ones end after so long, whatever a route or a listener says. */
export function varyConfig(tree: ConfigMap, { kind, seconds }: Variant): ConfigMap {
  if (kind !== "idle") return tree;
  const time = nodeOf(`${seconds}s`);
  const changed = rewriteMaps(tree, (map) => {
    const type = typeOf(map);
    if (type === "HttpConnectionManager") return withField(map, "stream_idle_timeout", time);
    if (type === "TcpProxy") return withField(map, "idle_timeout", time);
    return withMap(map, "route", (action) => withField(action, "idle_timeout", time));
  });
  return changed.kind === "map" ? changed : tree;
}
