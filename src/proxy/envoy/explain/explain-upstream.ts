/**
 * Why what a request is passed on to does not answer it: how it is asked, whether it is there, how much of it is let in.
 */
import { isIP } from "node:net";
import type { Quote } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { nodeAt, secondsAt, textAt, typeOf } from "../language/config-node.js";
import { endpointsOf } from "../route/follow-route.js";
import { addressText, socketAddress } from "../route/listeners.js";
import { type AccessLine, accessLine } from "../run/read-log-line.js";
import type { ConfigView } from "./config-view.js";
import { explainFull } from "./explain-times.js";
import { explainTlsFailure, tlsToUpstream } from "./explain-tls.js";
import { breakers } from "./facts.js";
import { clusterWords, routeWords } from "./places.js";
import { quoteOf, written } from "./quotes.js";

const defaultTimeoutS = 15;

export function explainUpstream(
  view: ConfigView,
  status: number,
  line: AccessLine | null,
): Explanation | null {
  const { last, clusters } = view;
  const [cluster] = clusters;
  if (last?.end.kind !== "clusters") return null;
  const [missing] = last.end.unknown;
  if (cluster === undefined || line?.flags.includes("NC"))
    return missing === undefined
      ? null
      : { cause: `no cluster is called ${missing}`, cure: "the name of a cluster of the config" };
  const strange = explainHttp2(cluster);
  if (strange !== null && (status === 502 || status === 503)) return strange;
  if (endpointsOf(cluster).length === 0) return noEndpoint(cluster);
  if (line === null) return null;
  const quotes = [quoteOf(cluster, "name")].filter((quote) => quote !== null);
  if (line.flags.includes("UO")) {
    const room = breakers(view);
    return room === null ? null : explainFull(room, room.value);
  }
  if (line.flags.includes("UH"))
    return {
      cause: `every endpoint of ${clusterWords(cluster)} is taken for down, by its health checks, or its name is not found`,
      cure: "an endpoint that answers; a health check of a WebSocket server wants a path that answers 200",
      quotes,
    };
  if (line.flags.includes("UT")) return tooLate(view);
  if (/TLS_error/i.test(`${line.details} ${line.reason}`))
    return explainTlsFailure(cluster, line.reason ?? line.details);
  if (line.flags.includes("UF")) return refused(cluster);
  if (line.flags.includes("UC"))
    return {
      cause: `what answers for ${clusterWords(cluster)} closes before it answers: a TLS port that is asked without \`transport_socket\`, perhaps`,
      cure: `where the server speaks TLS, in the cluster:\n${tlsToUpstream}`,
      quotes,
    };
  return null;
}

/** With the family that is asked for by default a name's IPv6 address goes first, and no other is tried then. */
function refused(cluster: ConfigMap): Explanation {
  const addresses = endpointsOf(cluster).map((one) => nodeAt(one, "address"));
  const named = addresses.find((address) => isIP(socketAddress(address)?.host ?? "0.0.0.0") === 0);
  const family = textAt(cluster, "dns_lookup_family")?.toUpperCase() ?? "AUTO";
  const isDns = /_DNS$/i.test(textAt(cluster, "type") ?? "");
  const quote = quoteOf(cluster, "dns_lookup_family") ?? quoteOf(cluster, "name");
  const byFamily = named !== undefined && isDns && family === "AUTO";
  return {
    cause: `nobody takes connections at ${addresses.map(addressText).join(", ")} of ${clusterWords(cluster)}${byFamily ? "; of a name that has an IPv6 address Envoy asks that one alone (`dns_lookup_family` is AUTO unless it is set), as of `localhost`, whatever listens on IPv4" : ""}`,
    cure: byFamily
      ? "start the backend, or correct address and port; where it listens on IPv4 alone, in the cluster:\ndns_lookup_family: V4_ONLY"
      : "start the backend, or correct address and port",
    quotes: quote === null ? [] : [quote],
  };
}

function noEndpoint(cluster: ConfigMap): Explanation {
  const quote = quoteOf(cluster, "load_assignment") ?? quoteOf(cluster, "name");
  return {
    cause: `${clusterWords(cluster)} has no endpoint`,
    cure: "load_assignment:\n  cluster_name: NAME\n  endpoints:\n  - lb_endpoints:\n    - endpoint: {address: {socket_address: {address: ADDRESS, port_value: PORT}}}",
    quotes: quote === null ? [] : [quote],
  };
}

/** The route's `timeout` counts until the 101 alone, and is 15 s where nothing says so. */
function tooLate({ last }: ConfigView): Explanation {
  const quote = quoteOf(last?.action ?? null, "timeout");
  const seconds = secondsAt(last?.action ?? null, "timeout") ?? defaultTimeoutS;
  return {
    cause: `${quote === null ? `\`timeout\` of ${last?.route ? routeWords(last.route) : "the route"} is not set: ${defaultTimeoutS} s` : written(last?.action ?? null, "timeout")}: the backend has not answered the handshake within ${timeWords(seconds)}`,
    cure: "a backend that answers sooner, or in the route:\ntimeout: 0s",
    quotes: quote === null ? [] : [quote],
  };
}

/** Where a cluster is asked over HTTP/2, what says so. */
function http2Quote(cluster: ConfigNode): Quote | null {
  const old = quoteOf(cluster, "http2_protocol_options");
  if (old !== null) return old;
  const options = nodeAt(cluster, "typed_extension_protocol_options");
  for (const { value } of options?.kind === "map" ? options.entries : []) {
    if (typeOf(value) !== "HttpProtocolOptions") continue;
    for (const holder of [nodeAt(value, "explicit_http_config"), value]) {
      const quote = quoteOf(holder, "http2_protocol_options") ?? quoteOf(holder, "http3_protocol_options");
      if (quote !== null) return quote;
    }
    const auto = quoteOf(value, "auto_config");
    if (auto !== null) return auto;
  }
  return null;
}

export function explainHttp2(cluster: ConfigNode): Explanation | null {
  const quote = http2Quote(cluster);
  if (quote === null) return null;
  return {
    title: "Envoy speaks HTTP/2 to the backend",
    cause: `\`${quote.text}\`${quote.place === null ? "" : ` at ${quote.place.file}:${quote.place.line}`}: ${clusterWords(cluster)} is asked over HTTP/2, where a WebSocket is a CONNECT that few servers know (RFC 8441)`,
    cure: "a cluster without it for WebSockets; the same endpoints may stand in two clusters",
    quotes: [quote],
  };
}

/** An endpoint as it is written, at which nobody was found. */
export function explainMissing({ clusters }: ConfigView, isAll: boolean): Explanation | null {
  const [cluster] = clusters;
  if (cluster === undefined) return null;
  const quote = quoteOf(cluster, "name");
  return {
    cause: `${isAll ? "no endpoint" : "not every endpoint"} of ${clusterWords(cluster)} is there, seen from this machine${isAll ? "" : ": without `health_checks` or `outlier_detection` each handshake that comes to the others fails with 503"}`,
    cure: "start the backend, or correct the address; no matter if the config is for another machine or network",
    quotes: quote === null ? [] : [quote],
  };
}

/** Of an upstream of the user's own: by the log alone. */
export function explainFailed(
  view: ConfigView,
  { status, log }: Extract<Symptom, { kind: "upstream-failed" }>,
): Explanation | null {
  return explainUpstream(view, status ?? 503, accessLine(log, status));
}
