/**
 * A config whose times are made short enough to be waited for.
 */
import type { Variant } from "../../variant.js";
import { type ConfigTree, directive, type Node, rewrite, withArgs } from "../language/config-tree.js";

/** Of all times the larger one ends a quiet WebSocket, and none of them knows parts of a second. */
export function varyConfig(tree: ConfigTree, { seconds }: Variant): Node[] {
  const time = String(Math.max(1, Math.ceil(seconds)));
  const short = rewrite(tree, (node) => {
    if (node.key === "timeout" || node.key === "proxytimeout") return [];
    if (!/^(?:proxypass|balancermember|proxyset)$/.test(node.key)) return [node];
    const kept = node.args.filter((word) => !/^timeout=/i.test(word));
    return kept.length === 0 ? [] : [kept.length === node.args.length ? node : withArgs(node, kept)];
  });
  return [directive("Timeout", time), ...short];
}
