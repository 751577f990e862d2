/**
 * Log formats that a part of a config uses and its whole defines. Logs are written into the run's own folder whatever
 * their format is, so that nginx's own does.
 */

import { type Directive, rewrite, walk } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

export function withoutForeignFormats(tree: readonly Directive[], { note }: Adoption): Directive[] {
  const defined = new Set([
    "combined",
    ...[...walk(tree)].flatMap(({ node }) => (node.name === "log_format" ? (node.args[0] ?? []) : [])),
  ]);
  return rewrite(tree, (node) => {
    const [file = "", format, ...rest] = node.args;
    const isForeign = format !== undefined && !/=|^gzip$/.test(format) && !defined.has(format);
    if (node.name !== "access_log" || !isForeign) return [node];
    note(`The log format ${format} is nginx's own: this part of the config does not define it`, node.origin);
    return [{ ...node, args: [file, "combined", ...rest] }];
  });
}
