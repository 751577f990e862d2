/**
 * Leaves out hosts by name that nginx would look up when it starts, of whom no measurement has any: clients come from
 * loopback, and who else is trusted or told more about changes nothing for them.
 */

import { isAddressOrRange } from "../language/address-range.js";
import { type Directive, rewrite } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

/** Directives whose words are addresses or ranges, and any other is a name. */
export const takesClients: ReadonlySet<string> = new Set(["set_real_ip_from", "debug_connection"]);

export function adoptTrustedNames(tree: readonly Directive[], { note }: Adoption): Directive[] {
  return rewrite(tree, (node) => {
    const { name, args, origin } = node;
    // An argument too few or too many is nginx's to refuse.
    if (!takesClients.has(name) || args.length !== 1 || args.every(isAddressOrRange)) return [node];
    note(
      `${name} ${(args[0] ?? "").slice(0, 80)} was left out: no name is looked up for a measurement`,
      origin,
    );
    return [];
  });
}
