/**
 * Why a request is not the same at both ends.
 */
import { type Quote, quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { isTrueAt, nodeAt, textAt } from "../language/fields.js";
import { serversOf } from "../route/follow-route.js";
import { type ConfigView, quoteOf } from "./config-view.js";
import { requestRules } from "./header-rules.js";
import { middlewareAt, routerWords, serviceWords, settingsQuote } from "./things.js";

function all(quotes: readonly Quote[]): string {
  return quotes.map(quoteAt).join(", ");
}

export function explainLostUpgrade(view: ConfigView): Explanation | null {
  const rules = ["Upgrade", "Connection"].flatMap((name) => requestRules(view, name));
  return rules.length === 0
    ? null
    : {
        cause: `${all(rules)} of customRequestHeaders: Traefik passes Upgrade and Connection on by itself, unless a middleware takes them away or changes them`,
        cure: "without the rule: none is needed for a WebSocket",
        quotes: rules,
      };
}

/** Set by hand, they are there on every request. */
export function explainPlainUpgraded(view: ConfigView): Explanation | null {
  const rules = ["Upgrade", "Connection"].flatMap((name) => requestRules(view, name));
  return rules.length === 0
    ? null
    : {
        cause: `${all(rules)} of customRequestHeaders ${rules.length === 1 ? "stands" : "stand"} on every request, a plain one too: Traefik passes the client's own on by itself`,
        cure: "without the rule: none is needed for a WebSocket",
        quotes: rules,
      };
}

const handshakeHeaders = [
  ...["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"],
];

export function explainHandshake(view: ConfigView): Explanation | null {
  const rules = handshakeHeaders.flatMap((name) => requestRules(view, name));
  return rules.length === 0
    ? null
    : {
        cause: `${all(rules)} of customRequestHeaders ${rules.length === 1 ? "changes a header" : "change headers"} of the handshake`,
        cure: "without it: no rule is needed for any Sec-WebSocket header",
        quotes: rules,
      };
}

const rewriting = /^(?:stripprefix|stripprefixregex|addprefix|replacepath|replacepathregex)$/;

export function explainPath(
  view: ConfigView,
  { sent, arrived, change }: Extract<Symptom, { kind: "path-changed" }>,
): Explanation | null {
  const rewriters = (view.way?.middlewares ?? []).filter(({ type }) => rewriting.test(type));
  if (rewriters.length > 0) {
    const quotes = rewriters.map(settingsQuote);
    return {
      cause: `${rewriters.map(middlewareAt).join(", ")} ${rewriters.length === 1 ? "makes" : "make"} ${arrived} of ${sent}`,
      cure: "without it on the WebSocket's router, or a backend that serves the path that arrives",
      quotes,
    };
  }
  for (const balancer of view.way?.balancers ?? [])
    for (const { node } of serversOf(balancer)) {
      const quote = isTrueAt(node, "preservePath") ? quoteOf(node, "url") : null;
      if (quote !== null)
        return {
          cause: `${quoteAt(quote)} of ${serviceWords(view, balancer)} has a path of its own, which \`preservePath\` puts before the request's`,
          cure: "the server's URL without a path",
          quotes: [quote],
        };
    }
  return change.path === null
    ? null
    : {
        cause: `Traefik cleans paths: \`//\`, \`.\` and \`..\` are taken out, and ${sent} becomes ${arrived}`,
        cure: "a path that is clean as it is sent",
      };
}

export function explainHeader(
  view: ConfigView,
  { header, way, arrived }: Extract<Symptom, { kind: "header-changed" }>,
): Explanation | null {
  if (way === "to-client") return null;
  const isHost = header.toLowerCase() === "host";
  const passing = isHost ? hostQuotes(view) : [];
  const rules = [...passing, ...requestRules(view, header)];
  if (rules.length === 0) return null;
  return {
    isMild: passing.length > 0,
    cause: `${all(rules)} ${arrived === null ? "takes" : "changes"} ${header}${arrived === null ? " away" : ""} before it comes to the backend`,
    cure: passing.length > 0 ? "passHostHeader: true" : "without the rule",
    quotes: rules,
  };
}

function hostQuotes({ way }: ConfigView): Quote[] {
  return (way?.balancers ?? []).flatMap((balancer) =>
    textAt(balancer, "passHostHeader") !== null && !isTrueAt(balancer, "passHostHeader")
      ? (quoteOf(balancer, "passHostHeader") ?? [])
      : [],
  );
}

/** Whoever is trusted writes the client's address. */
export function explainClient({ route, way }: ConfigView): Explanation | null {
  if (way?.router.kind === "tcp")
    return {
      cause: `${routerWords(way.router)} is one of TCP: it passes bytes on as they come, and adds no header`,
      cure: "a router of HTTP, or `proxyProtocol: {version: 2}` in the service where the backend reads it",
    };
  const headers = nodeAt(route?.entryPoint.entry?.value ?? null, "forwardedHeaders");
  const quote =
    quoteOf(headers, "insecure") ??
    quoteOf(headers, "trustedIPs") ??
    quoteOf(headers, "notAppendXForwardedFor");
  return quote === null
    ? null
    : {
        cause: `${quoteAt(quote)} of forwardedHeaders takes X-Forwarded-For from clients as they send it`,
        cure: "the addresses of the proxies before it alone:\nforwardedHeaders: {trustedIPs: [10.0.0.0/8]}",
        quotes: [quote],
      };
}

export function explainHead({ route }: ConfigView, bytes: number): Explanation | null {
  const quote = quoteOf(nodeAt(route?.entryPoint.entry?.value ?? null, "http"), "maxHeaderBytes");
  return quote === null
    ? null
    : {
        cause: `${quoteAt(quote)}: a head of ${bytes} bytes is answered with 431`,
        cure: "maxHeaderBytes: 1048576",
        quotes: [quote],
      };
}

/** The options of TLS that the router takes. */
function tlsOptions({ read, way }: ConfigView): ConfigNode | null {
  const name = textAt(way?.router.entry.value ?? null, "tls", "options")?.replace(/@file$/, "") ?? "default";
  return nodeAt(read.routing, "tls", "options", name);
}

/** `alpnProtocols` without http/1.1; null for none such. */
export function missingProtocol(view: ConfigView): Quote | null {
  const quote = quoteOf(tlsOptions(view), "alpnProtocols");
  return quote === null || /http\/1\.1/.test(quote.text) ? null : quote;
}

/** TLS of an entry point as its options have it. */
export function explainClientTls(view: ConfigView): Explanation | null {
  const protocols = missingProtocol(view);
  if (protocols !== null)
    return {
      cause: `${quoteAt(protocols)} has no http/1.1, the only one in which browsers ask for a WebSocket`,
      cure: "alpnProtocols: [http/1.1, h2]",
      quotes: [protocols],
    };
  const client = quoteOf(nodeAt(tlsOptions(view), "clientAuth"), "clientAuthType");
  return client === null
    ? null
    : {
        cause: `${quoteAt(client)}: clients without a certificate of their own get no TLS`,
        cure: "clientAuthType: VerifyClientCertIfGiven",
        quotes: [client],
      };
}
