/**
 * How an upstream is spoken to: over TLS where wsrally's backend can, with trust in its authority in place of the user's.
 */
import type { JsonPath } from "../language/json-document.js";
import type { Adoption } from "./adoption.js";
import { isRecord, type Json } from "./json.js";
import type { Spot } from "./locate.js";

/** The authority of wsrally's backend. */
export const backendAuthorityFile = "backend-ca.pem";

const keptOfTls: ReadonlySet<string> = new Set([
  ...["server_name", "insecure_skip_verify", "handshake_timeout", "renegotiation", "except_ports", "curves"],
]);

interface Upstream {
  /** Of the proxy. */
  readonly path: JsonPath;
  /** The first of them, which says by its scheme how it is asked. */
  readonly spot: Spot;
}

/** @returns whether it is asked over TLS */
export function remapTransport(proxy: Json, { path, spot }: Upstream, adoption: Adoption): boolean {
  const transport = proxy.transport;
  if (!isRecord(transport)) return false;
  for (const key of ["proxy_protocol", "network_proxy", "forward_proxy_url", "local_address", "resolver"]) {
    if (transport[key] === undefined) continue;
    delete transport[key];
    adoption.note(`${key} was left out: the upstream is wsrally's backend`, {
      path: [...path, "transport", key],
      directives: [key, "resolvers"],
    });
  }
  const tls = transport.tls;
  if (!isRecord(tls)) return false;
  if (adoption.backend.overTls === undefined) {
    delete transport.tls;
    const sentence = "The upstream is asked without TLS: wsrally's backend speaks none here";
    adoption.note(sentence, { ...spot, path: [...path, "transport", "tls"] });
    return false;
  }
  for (const key of Object.keys(tls)) if (!keptOfTls.has(key)) delete tls[key];
  if (tls.insecure_skip_verify !== true) tls.root_ca_pem_files = [backendAuthorityFile];
  return true;
}
