/**
 * TLS on either side of Envoy, where it fails or is not what the other side speaks.
 */
import { placeWords, type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { nodeAt, textAt, typeOf } from "../language/config-node.js";
import { endpointsOf } from "../route/follow-route.js";
import { addressText } from "../route/listeners.js";
import type { ConfigView } from "./config-view.js";
import { clusterWords, listenerWords } from "./places.js";
import { quoteOf } from "./quotes.js";

export const tlsToUpstream =
  'transport_socket:\n  name: envoy.transport_sockets.tls\n  typed_config:\n    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext\n    sni: NAME';

/** The UpstreamTlsContext where TLS is spoken to a cluster. */
export function upstreamTls(cluster: ConfigNode | null): ConfigNode | null {
  const config = nodeAt(cluster, "transport_socket", "typed_config");
  const inner = nodeAt(config, "transport_socket", "typed_config") ?? config;
  return typeOf(inner) === "UpstreamTlsContext" ? inner : null;
}

function quotesOf(cluster: ConfigMap): Quote[] {
  return [quoteOf(cluster, "transport_socket") ?? quoteOf(cluster, "name")].filter((quote) => quote !== null);
}

/** @param words of Envoy's log, or an OpenSSL code */
export function explainTlsFailure(cluster: ConfigMap, words: string): Explanation {
  const tls = upstreamTls(cluster);
  const quotes = quotesOf(cluster);
  const isNamed = textAt(tls, "sni") !== null;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/i.test(words))
    return {
      cause: `\`transport_socket\` of ${clusterWords(cluster)} speaks TLS, and what answers there does not`,
      cure: "without `transport_socket`, or the server's TLS port",
      quotes,
    };
  if (/CERTIFICATE_VERIFY_FAILED|verify|unable to get|authority|expired|name/i.test(words))
    return {
      cause: `${clusterWords(cluster)} refuses the server's certificate${isNamed ? "" : "; no `sni` is sent, so that a server of several names shows its first one"}`,
      cure: "the authority that signed it as `trusted_ca`, and the name that it is for:\nsni: NAME",
      quotes,
    };
  return {
    cause: `the TLS handshake with ${clusterWords(cluster)} fails`,
    cure: isNamed
      ? "compare versions and ciphers at both ends"
      : "most servers of several names want to know the name first:\nsni: NAME",
    quotes,
  };
}

export function explainUpstreamTls(
  view: ConfigView,
  { log, seen }: Extract<Symptom, { kind: "upstream-tls-failed" }>,
): Explanation | null {
  const cluster = seen === null ? view.clusters[0] : clusterAt(view, seen.address);
  if (cluster === undefined) return null;
  return explainTlsFailure(cluster, seen === null ? log.map(({ line }) => line).join(" ") : seen.why);
}

function clusterAt({ clusters }: ConfigView, address: string): ConfigMap | undefined {
  const fits = (cluster: ConfigMap): boolean =>
    endpointsOf(cluster).some((endpoint) => addressText(nodeAt(endpoint, "address")) === address);
  return clusters.find(fits) ?? clusters[0];
}

export function explainUpstreamScheme(
  view: ConfigView,
  { asked, address }: Extract<Symptom, { kind: "upstream-scheme" }>,
): Explanation | null {
  const cluster = clusterAt(view, address);
  if (cluster === undefined) return null;
  if (asked === "tls") return explainTlsFailure(cluster, "WRONG_VERSION_NUMBER");
  return {
    cause: `${clusterWords(cluster)} has no \`transport_socket\`, and ${address} speaks TLS`,
    cure: tlsToUpstream,
    quotes: quotesOf(cluster),
  };
}

export function explainUnnamed({ clusters }: ConfigView, name: string): Explanation | null {
  const cluster = clusters.find((one) => upstreamTls(one) !== null);
  if (cluster === undefined) return null;
  return {
    cause: `the UpstreamTlsContext at ${placeWords(upstreamTls(cluster)?.place ?? null)} has no \`sni\`: Envoy sends no name with the TLS handshake, whatever the endpoint is called`,
    cure: `sni: ${name}`,
    quotes: quotesOf(cluster),
  };
}

/** What clients cannot get on with. */
export function explainClientTls({ first }: ConfigView): Explanation | null {
  const tls = nodeAt(first?.chain ?? null, "transport_socket", "typed_config");
  if (first === null) return null;
  if (tls === null)
    return {
      cause: `${listenerWords(first.listener)} has no \`transport_socket\`: it speaks no TLS`,
      cure: "ws:// in place of wss://, or a DownstreamTlsContext with a certificate",
      quotes: [{ text: "filter_chains", place: first.listener.place }],
    };
  const asked = quoteOf(tls, "require_client_certificate");
  if (asked === null) return null;
  return {
    cause: `${quoteAt(asked)}: clients without a certificate of their own are refused in the TLS handshake`,
    cure: "require_client_certificate: false",
    quotes: [asked],
  };
}
