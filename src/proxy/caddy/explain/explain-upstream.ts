/**
 * What is wrong between Caddy and its upstream, by its log and by how it is asked.
 */

import type { LogCause } from "../../../diagnosis/log-cause.js";
import { placeWords } from "../../../diagnosis/quote.js";
import type { Log, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, lineNamed } from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import type { Followed } from "../route/follow-route.js";
import { type ConfigView, quoteOf, timeOf, timeWords, written } from "./config-view.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;

export function explainUpstreamFault(
  view: ConfigView,
  { status, log }: Early,
  followed: Followed,
): Explanation | null {
  const proxy = followed.end.kind === "proxy" ? followed.end.line : view.proxy;
  if (proxy === null) return null;
  const h2 = http2Line(proxy);
  if (h2 !== null && (status === 502 || log.some(({ line }) => /http2/.test(line))))
    return explainHttp2(proxy, h2);
  const causes = new Set(log.flatMap(({ cause }) => cause ?? []));
  const [explain] = byCause.filter(([cause]) => causes.has(cause));
  if (explain !== undefined) return { ...explain[1](view, proxy, log), quotes: [quoteOf(proxy)] };
  if (status === 200)
    return {
      cause: `${written(proxy)}: the backend's 101 has no Upgrade header, and Caddy makes an empty 200 of it`,
      cure: "an answer with `Upgrade: websocket` and `Connection: Upgrade` (RFC 6455, 4.2.2)",
      quotes: [quoteOf(proxy)],
    };
  return null;
}

/** `versions h2c`, or `h2c://`: there a WebSocket's Upgrade is no header that may be sent. */
function http2Line(proxy: Directive): Directive | null {
  const transport = lineNamed(proxy, "transport");
  const versions = transport === null ? null : lineNamed(transport, "versions");
  if (versions !== null && !versions.args.some(({ text }) => text === "1.1")) return versions;
  return upstreamWords(proxy).some(({ h2c }) => h2c) ? proxy : null;
}

function explainHttp2(proxy: Directive, line: Directive): Explanation {
  return {
    title: "the upstream is asked over HTTP/2, which has no Upgrade",
    cause: `${written(line)}: Caddy speaks HTTP/2 alone to it, refuses to send \`Upgrade: websocket\` there, and answers 502`,
    cure: `for the socket a \`reverse_proxy\` of its own with HTTP/1.1:\nreverse_proxy /ws* ${upstreamWords(proxy)[0]?.dial ?? "127.0.0.1:8080"}`,
    quotes: [quoteOf(line)],
  };
}

export function explainHttpVersion({ proxy }: ConfigView, version: "1.0" | "2"): Explanation | null {
  const line = proxy === null ? null : http2Line(proxy);
  return version === "1.0" || proxy === null || line === null ? null : explainHttp2(proxy, line);
}

type Explain = (view: ConfigView, proxy: Directive, log: Log) => Explanation;

const byCause: readonly (readonly [LogCause, Explain])[] = [
  ["upstream-refused", (_, proxy) => reach(proxy, "nobody listens there")],
  ["upstream-unreachable", (_, proxy) => reach(proxy, "there is no way to it")],
  [
    "name-not-found",
    (_, proxy) =>
      reach(
        proxy,
        "its name is not known to DNS where Caddy runs; in a container it is the service's, and not localhost",
      ),
  ],
  ["upstream-tls", (_, proxy, log) => explainTls(proxy, log)],
  ["upstream-timeout", (view, proxy) => explainTimeout(view, proxy)],
  [
    "no-live-upstreams",
    (view, proxy) => {
      const check = lineNamed(proxy, "health_uri", "health_path");
      const most = lineNamed(proxy, "unhealthy_request_count");
      const line = most ?? check ?? lineNamed(proxy, "fail_duration", "max_fails");
      const why =
        line === most && most !== null
          ? ": each open WebSocket counts as a request that is under way"
          : check === null
            ? ""
            : ": a server that takes nothing but WebSockets answers a plain request with 400 or 426";
      return {
        cause:
          line === null
            ? `${written(proxy)}: all of its upstreams are marked as down`
            : `${written(line)}${why}`,
        cure: view.isJson
          ? "without it, or with an upstream that is well"
          : "a path that the server answers with 200, or without the check",
      };
    },
  ],
  [
    "upstream-closed",
    (_, proxy) =>
      reach(proxy, "it ends the connection before it answers; does it want TLS, or a path of its own?"),
  ],
  ["upstream-reset", (_, proxy) => reach(proxy, "it resets the connection before it answers")],
];

function reach(proxy: Directive, why: string): Explanation {
  const [first] = upstreamWords(proxy);
  return {
    cause: `${written(proxy)}: ${why}`,
    cure: `the address that the WebSocket server listens on, instead of ${first?.text ?? "this one"}`,
  };
}

function explainTimeout(view: ConfigView, proxy: Directive): Explanation {
  const limit = timeOf(view, "response_header_timeout") ?? timeOf(view, "dial_timeout");
  return limit === null
    ? reach(proxy, "it does not answer")
    : {
        cause: `${written(limit.line)}: the upstream did not answer within ${timeWords(limit.value)}`,
        cure: "a longer one, or an upstream that answers the upgrade at once",
      };
}

function explainTls(proxy: Directive, log: Log): Explanation {
  const secure = upstreamWords(proxy).find(({ tls }) => tls);
  if (log.some(({ line }) => /x509/.test(line)))
    return {
      cause: `${written(proxy)}: the upstream's certificate is not one that Caddy trusts for the name it looks for`,
      cure: "its authority, and the name in its certificate:\ntransport http {\n\ttls_trust_pool file /path/ca.pem\n\ttls_server_name app.internal\n}",
    };
  return {
    cause: `${written(proxy)} speaks TLS to an upstream that speaks none`,
    cure: `without it:\nreverse_proxy http://${secure?.dial ?? "127.0.0.1:8080"}`,
  };
}

export function explainUpstreamTls({ proxy }: ConfigView, log: Log): Explanation | null {
  return proxy === null ? null : { ...explainTls(proxy, log), quotes: [quoteOf(proxy)] };
}

export function explainMissing({ proxy }: ConfigView): Explanation | null {
  return proxy === null ? null : { ...reach(proxy, "nobody was found there"), quotes: [quoteOf(proxy)] };
}

/** A site of a name is served to who asks for that name with its handshake. */
export function explainClientTls({ route }: ConfigView): Explanation | null {
  if (route === null || route.address.tls) return null;
  const { place } = route.site;
  return {
    cause: `the site \`${route.address.text}\` at ${placeWords(place)} speaks plain HTTP on its port, and the client speaks TLS`,
    cure: "https:// in the site's address, or ws:// in the client's",
    quotes: [{ text: route.address.text, place }],
  };
}

type Scheme = Extract<Symptom, { kind: "upstream-scheme" }>;

export function explainUpstreamScheme({ proxy }: ConfigView, { asked, address }: Scheme): Explanation | null {
  if (proxy === null) return null;
  return {
    cause:
      asked === "tls"
        ? `${written(proxy)} asks ${address} over TLS, and it speaks none: 502`
        : `${written(proxy)} asks ${address} without TLS, and it wants some`,
    cure: `reverse_proxy ${asked === "tls" ? "http" : "https"}://${address}`,
    quotes: [quoteOf(proxy)],
  };
}
