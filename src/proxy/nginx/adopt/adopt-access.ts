/**
 * Takes away what would turn wsrally away for who it is: passwords, client certificates, address lists. None of it
 * costs an open WebSocket anything; limits, which do decide how many are carried, stay.
 */

import { type Directive, type Path, rewrite } from "../language/nginx-tree.js";
import type { Adoption } from "./adoption.js";

const reasons: ReadonlyMap<string, string> = new Map([
  ["auth_basic", "wsrally has no password to give"],
  ["auth_basic_user_file", "wsrally has no password to give"],
  ["auth_jwt", "wsrally has no token to give"],
  ["auth_jwt_key_file", "wsrally has no token to give"],
  ["auth_request", "the service that it asks is not here"],
  ["allow", "wsrally connects from 127.0.0.1"],
  ["deny", "wsrally connects from 127.0.0.1"],
  [
    "ssl_verify_client",
    "wsrally has no client certificate to give, so that its handshakes cost less than a client's who has",
  ],
]);

const limits = new Set(["limit_conn", "limit_req"]);

/** @param around the blocks around the proxy_pass that is measured; others keep what they have */
export function adoptAccess(tree: readonly Directive[], around: Path, adoption: Adoption): Directive[] {
  // Blocks are rebuilt from step to step; where one was written tells which it is.
  const measured = new Set(around.map(({ origin }) => origin));
  return rewrite(tree, (node, path) => {
    const inTheWay = path.every((outer) => measured.has(outer.origin));
    if (inTheWay && limits.has(node.name)) {
      adoption.note(
        `${node.name} stays, and may count all of wsrally's connections as one client's`,
        node.origin,
      );
    }
    const reason = inTheWay && node.block === null ? reasons.get(node.name) : undefined;
    // An argument too few or too many is nginx's to refuse.
    if (reason === undefined || node.args[0] === "off" || node.args.length === 0) return [node];
    adoption.note(`${node.name} was left out: ${reason}`, node.origin);
    return [];
  });
}
