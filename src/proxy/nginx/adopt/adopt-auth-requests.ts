/**
 * The service that `auth_request` asks is not here. It is taken to let everybody in, so that what stands behind it can
 * be looked at.
 */

import { type Directive, directive, type Origin, rewrite, walk } from "../language/nginx-tree.js";
import { selectLocation } from "../route/select-location.js";
import type { Adoption } from "./adoption.js";

const passes = new Set(["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"]);

export function adoptAuthRequests(tree: readonly Directive[], adoption: Adoption): Directive[] {
  const asked = new Map<Origin | null, string>();
  for (const { node, path } of walk(tree)) {
    const [uri = "off"] = node.args;
    if (node.name !== "auth_request" || uri === "off") continue;
    // Set in http it holds in every server.
    const around = path.find(({ name }) => name === "server");
    const servers =
      around !== undefined
        ? [around]
        : (path.at(-1)?.block ?? []).filter(({ name, block }) => name === "server" && block !== null);
    for (const server of servers) {
      const location = selectLocation(server, uri).at(-1);
      if (location !== undefined) asked.set(location.origin, uri);
    }
  }
  return rewrite(tree, (node, path) => {
    const uri = asked.get(path.at(-1)?.origin ?? null);
    if (uri === undefined || path.at(-1)?.name !== "location" || !passes.has(node.name)) return [node];
    adoption.note(
      `auth_request ${uri} is answered with 204, as if everybody were let in: the service that it asks is not here`,
      node.origin,
    );
    return [{ ...directive("return", "204"), origin: node.origin }];
  });
}
