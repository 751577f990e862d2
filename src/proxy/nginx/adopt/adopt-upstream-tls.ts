/**
 * `proxy_ssl_…`: what nginx asks of an upstream's certificate is kept where wsrally's backend speaks TLS too, with the
 * run's own authority for the one that signs it.
 */

import { type Directive, rewrite } from "../language/nginx-tree.js";
import { isTellableName } from "../route/upstream-tls-names.js";
import type { Adoption } from "./adoption.js";

/** Name of the authority's file in the prefix. */
export const backendAuthorityFile = "backend-ca.crt";

const anyTls = /^(proxy|grpc|uwsgi)_ssl_/;
const clientCertificates = new Set([
  "proxy_ssl_certificate",
  "proxy_ssl_certificate_key",
  "proxy_ssl_password_file",
]);

/** @param isKept whether the backend stands as a TLS upstream */
export function adoptUpstreamTls(
  tree: readonly Directive[],
  { isKept }: { readonly isKept: boolean },
  adoption: Adoption,
): Directive[] {
  return rewrite(tree, (node) => {
    const { name, args, origin } = node;
    if (!anyTls.test(name) || args.length === 0) return [node];
    if (!isKept || !name.startsWith("proxy_")) {
      adoption.note(
        "Directives for TLS to the upstream were left out: wsrally's backend speaks plain TCP, so that what TLS " +
          "costs or breaks on that side is not seen",
        origin,
      );
      return [];
    }
    if (name === "proxy_ssl_trusted_certificate") {
      adoption.note(
        `${name} ${args[0]} is the run's own authority, which signed the backend's certificate`,
        origin,
      );
      return [{ ...node, args: [backendAuthorityFile] }];
    }
    if (name === "proxy_ssl_crl") {
      adoption.note(`${name} was left out: the run's own authority revokes nothing`, origin);
      return [];
    }
    if (name === "proxy_ssl_name" && !isTellableName(tree, args[0] ?? "")) {
      adoption.note(`proxy_ssl_name ${args[0]} is localhost: only a request tells what it holds`, origin);
      return [{ ...node, args: ["localhost"] }];
    }
    if (!clientCertificates.has(name)) return [node];
    adoption.note(`${name} was left out: wsrally's backend asks for no client certificate`, origin);
    return [];
  });
}
