/**
 * Why what a request is passed on to does not answer it: how it is asked, whether it is there.
 */

import type { Quote } from "../../../diagnosis/quote.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { Log, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { entryOf, mapAt, nodeAt } from "../language/fields.js";
import { serversOf } from "../route/follow-route.js";
import { transportOf } from "../route/parts.js";
import { type ConfigView, middlewaresOfType, quoteOf, written } from "./config-view.js";
import { middlewareWords, serviceWords } from "./things.js";

export function explainUpstream(view: ConfigView, status: number, log: Log): Explanation | null {
  const { way } = view;
  const [missing] = way?.missing ?? [];
  if (missing !== undefined)
    return {
      cause: `no ${missing.kind} is called ${missing.name}${missing.place === null ? "" : ` (${placeWords(missing.place)})`}`,
      cure: `the name of a ${missing.kind} of the config`,
    };
  const [balancer] = way?.balancers ?? [];
  if (balancer === undefined) return null;
  if (serversOf(balancer).length === 0) return noServer(view, balancer);
  const said = log.map(({ shown }) => shown).join("\n");
  const scheme = /unsupported protocol scheme "(\w*)"/.exec(said)?.[1];
  if (scheme !== undefined) return wrongScheme(view, balancer, scheme);
  if (/does not look like a TLS handshake/.test(said)) return plainServer(view, balancer);
  if (/x509|certificate/.test(said)) return untrusted(view, balancer, said);
  if (status === 504 || /timeout awaiting|i\/o timeout|deadline exceeded/.test(said))
    return tooLate(view, balancer);
  if (/max connections|no available server/.test(said)) return noServer(view, balancer);
  if (/connection refused|no such host|unreachable/.test(said)) return notThere(view, balancer);
  if (/\bEOF\b|connection reset|malformed HTTP/.test(said)) return plainlyAsked(view, balancer);
  return badSchemeOf(view, balancer);
}

function urlQuotes(balancer: ConfigMap): Quote[] {
  return serversOf(balancer).flatMap(({ node }) => quoteOf(node, "url") ?? []);
}

/** A scheme that no version passes a WebSocket on by. */
function badSchemeOf(view: ConfigView, balancer: ConfigMap): Explanation | null {
  const bad = serversOf(balancer).find(({ url }) => !/^(?:https?|h2c):\/\//i.test(url));
  return bad === undefined ? null : wrongScheme(view, balancer, /^(\w+):\/\//.exec(bad.url)?.[1] ?? "");
}

function noServer(view: ConfigView, balancer: ConfigMap): Explanation {
  const isEmpty = serversOf(balancer).length === 0;
  return {
    cause: isEmpty
      ? `${serviceWords(view, balancer)} has no server: Traefik answers 503, \`no available server\``
      : `every server of ${serviceWords(view, balancer)} is taken for down by its \`healthCheck\`, which wants a status from 200 to 399`,
    cure: isEmpty
      ? 'servers:\n- url: "http://HOST:PORT"'
      : "a server that answers, and a path for the check that a WebSocket server answers with 200",
    quotes: [quoteOf(balancer, "servers") ?? quoteOf(balancer, "healthCheck")].filter((one) => one !== null),
  };
}

function wrongScheme(view: ConfigView, balancer: ConfigMap, scheme: string): Explanation {
  const isH2c = scheme === "h2c";
  const right = /^(?:wss|https)$/.test(scheme) ? "https" : "http";
  const found = serversOf(balancer).find(({ url }) => url.toLowerCase().startsWith(`${scheme}:`));
  const url = found?.url ?? "";
  return {
    title: `Traefik knows no servers with ${scheme === "" ? "no scheme" : `${scheme}://`}`,
    cause: `a server of ${serviceWords(view, balancer)} is ${written(found?.node ?? null, "url")}: ${isH2c ? "this version of Traefik passes no upgrade on over h2c" : "a WebSocket begins as a request of HTTP, and that is how its server is written"}`,
    cure: `url: "${scheme === "" ? `http://${url}` : url.replace(/^\w+:/, `${isH2c ? "http" : right}:`)}"`,
    quotes: urlQuotes(balancer),
  };
}

function plainServer(view: ConfigView, balancer: ConfigMap): Explanation {
  const [first] = serversOf(balancer);
  return {
    cause: `${serviceWords(view, balancer)} is asked over TLS (${written(first?.node ?? null, "url")}), and its server speaks none`,
    cure: `url: "${first?.url.replace(/^https:/i, "http:") ?? "http://HOST:PORT"}"`,
    quotes: urlQuotes(balancer),
  };
}

/** A port that speaks TLS, asked without it, ends the connection or answers what is no HTTP. */
function plainlyAsked(view: ConfigView, balancer: ConfigMap): Explanation {
  const [first] = serversOf(balancer);
  return {
    cause: `what answers for ${serviceWords(view, balancer)} ends the connection before it answers: a TLS port that is asked without TLS, perhaps`,
    cure: `where the server speaks TLS:\nurl: "${first?.url.replace(/^http:/i, "https:") ?? "https://HOST:PORT"}"`,
    quotes: urlQuotes(balancer),
  };
}

const trustCure =
  "serversTransports:\n  NAME:\n    serverName: NAME-IN-THE-CERTIFICATE\n    rootCAs: [/path/to/ca.pem]\n(and `serversTransport: NAME` in the service's loadBalancer; `insecureSkipVerify: true` trusts anybody)";

function untrusted(view: ConfigView, balancer: ConfigMap, said: string): Explanation {
  const why = /x509: [^\n]*/.exec(said)?.[0] ?? "its certificate is not trusted";
  const transport = transportOf(view.read, balancer);
  const settings = transport === null ? null : "key" in transport ? mapAt(transport.value) : transport;
  return {
    cause: `Traefik checks the certificate of ${serviceWords(view, balancer)} (${written(serversOf(balancer)[0]?.node ?? null, "url")})${settings === null ? " by the authorities that the system trusts" : ""}, and does not take it: ${why}`,
    cure: trustCure,
    quotes: urlQuotes(balancer),
  };
}

function tooLate(view: ConfigView, balancer: ConfigMap): Explanation {
  const transport = transportOf(view.read, balancer);
  const settings = transport === null ? null : "key" in transport ? mapAt(transport.value) : transport;
  const timeouts = nodeAt(settings, "forwardingTimeouts");
  const quote = quoteOf(timeouts, "responseHeaderTimeout") ?? quoteOf(timeouts, "dialTimeout");
  return {
    cause: `the backend has not answered the handshake in time${quote === null ? "" : ` (${written(timeouts, quote.text.split(":")[0] ?? "")})`}: Traefik answers 504`,
    cure: "a backend that answers sooner, or in the serversTransport:\nforwardingTimeouts: {responseHeaderTimeout: 0s}",
    quotes: quote === null ? [] : [quote],
  };
}

function notThere(view: ConfigView, balancer: ConfigMap): Explanation {
  const servers = serversOf(balancer);
  return {
    cause: `nobody takes connections at ${servers.map(({ url }) => url).join(", ")} of ${serviceWords(view, balancer)}${servers.length > 1 && !retries(view) ? "; without `retry` or `healthCheck` each handshake that comes to a dead one fails with 502" : ""}`,
    cure: "start the backend, or correct its address",
    quotes: urlQuotes(balancer),
  };
}

function retries(view: ConfigView): boolean {
  return middlewaresOfType(view, "retry").length > 0;
}

/** A server as it is written, at which nobody was found. */
export function explainMissing(view: ConfigView, isAll: boolean): Explanation | null {
  const [balancer] = view.way?.balancers ?? [];
  if (balancer === undefined) return null;
  const isWatched = nodeAt(balancer, "healthCheck") !== null || retries(view);
  return {
    cause: `${isAll ? "no server" : "not every server"} of ${serviceWords(view, balancer)} is there, seen from this machine${isAll || isWatched ? "" : ": without `healthCheck` or `retry` each handshake that comes to the others fails with 502"}`,
    cure: "start the backend, or correct the address; no matter if the config is for another machine or network",
    quotes: urlQuotes(balancer),
  };
}

export function explainScheme(
  view: ConfigView,
  { asked, address }: Extract<Symptom, { kind: "upstream-scheme" }>,
): Explanation | null {
  const [balancer] = view.way?.balancers ?? [];
  if (balancer === undefined) return null;
  return {
    cause: `${serviceWords(view, balancer)} is asked ${asked === "tls" ? "over TLS" : "without TLS"}, and what listens at ${address} speaks ${asked === "tls" ? "none" : "TLS"}`,
    cure: `url: "${asked === "tls" ? "http" : "https"}://${address}"`,
    quotes: urlQuotes(balancer),
  };
}

export function explainUpstreamTls(
  view: ConfigView,
  { log, seen }: Extract<Symptom, { kind: "upstream-tls-failed" }>,
): Explanation | null {
  const [balancer] = view.way?.balancers ?? [];
  if (balancer === undefined) return null;
  const said = log.map(({ shown }) => shown).join("\n");
  if (/does not look like a TLS handshake/.test(said)) return plainServer(view, balancer);
  return untrusted(view, balancer, seen === null ? said : `x509: ${seen.words}`);
}

/** No name goes with a TLS handshake to an address. */
export function explainUnnamed(view: ConfigView, name: string): Explanation | null {
  const [balancer] = view.way?.balancers ?? [];
  if (balancer === undefined) return null;
  const entry = entryOf(serversOf(balancer)[0]?.node ?? null, "url");
  return {
    cause: `${serviceWords(view, balancer)} is asked by an address, with which no name is sent over TLS, and its server is known as ${name}`,
    cure: `in a serversTransport that the service names:\nserverName: ${name}`,
    quotes: entry === null ? [] : urlQuotes(balancer),
  };
}

/** Something that answers in the backend's place. */
export function explainHiddenRefusal(view: ConfigView): Explanation | null {
  const [page] = middlewaresOfType(view, "errors");
  if (page === undefined) return null;
  const quote = quoteOf(page.settings, "service");
  return {
    cause: `${middlewareWords(page)} puts a page of another service in the place of the backend's refusal (${written(page.settings, "status")}), and asks for it with the client's Upgrade: a service that answers 101 gets the WebSocket`,
    cure: "a router of its own for the WebSocket, without `errors`",
    quotes: quote === null ? [] : [quote],
  };
}
