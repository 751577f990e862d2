/**
 * A config whose times are made short enough to be waited for, and one that does not count how often a client comes.
 */
import type { Variant } from "../../variant.js";
import { type Directive, directive, rewrite, walk } from "../language/nginx-tree.js";
import { errorLogFile } from "../run/nginx-instance.js";

export function varyConfig(tree: readonly Directive[], { kind, seconds }: Variant): Directive[] {
  const time = `${Math.round(seconds * 1000)}ms`;
  if (kind === "shutdown") return replaced(tree, [], [directive("worker_shutdown_timeout", time)]);
  // The end of a quiet connection is no error to nginx, and logged as information alone.
  const log = directive("error_log", errorLogFile, "info");
  return replaced(tree, [directive("proxy_read_timeout", time)], [log]);
}

/** One value in http, for whoever sets none, or at the outermost level, and in place of whatever stands anywhere. */
function replaced(
  tree: readonly Directive[],
  http: readonly Directive[],
  main: readonly Directive[],
): Directive[] {
  const names = new Set([...http, ...main].map(({ name }) => name));
  const without = rewrite(tree, (node) => (names.has(node.name) ? [] : [node]));
  return [
    ...main,
    ...without.map((node) =>
      node.name === "http" ? { ...node, block: [...http, ...(node.block ?? [])] } : node,
    ),
  ];
}

/** One whose zone is nowhere defined is nginx's to refuse. */
export function withoutRates(tree: readonly Directive[]): Directive[] {
  const zones = new Set(
    [...walk(tree)].flatMap(({ node }) =>
      node.name === "limit_req_zone"
        ? node.args.flatMap((word) => /^zone=([^:]+):/.exec(word)?.[1] ?? [])
        : [],
    ),
  );
  const isDefined = ({ args }: Directive): boolean =>
    args.some((word) => zones.has(/^zone=(.+)$/.exec(word)?.[1] ?? ""));
  return rewrite(tree, (node) => (node.name === "limit_req" && isDefined(node) ? [] : [node]));
}
