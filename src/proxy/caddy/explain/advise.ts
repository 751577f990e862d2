/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import {
  type Directive,
  directivesOf,
  everyDirective,
  lineNamed,
  linesNamed,
} from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import { followRoute } from "../route/follow-route.js";
import { webSocketRequest } from "../route/request.js";
import { adviseRoutes } from "./advise-routes.js";
import { adviseStickiness } from "./advise-stickiness.js";
import { type ConfigView, timeOf, timeWords, written } from "./config-view.js";
import { explainIdle } from "./explain-times.js";
import { fieldOf } from "./header-lines.js";
import { nearMisses } from "./near-miss.js";

/** Heartbeats of usual libraries come every 20 to 30 s. */
const shortS = 30;

export function advise(view: ConfigView): readonly Finding[] {
  return [
    ...missedBrowsers(view),
    ...asksAuth(view),
    ...ends(view),
    ...checks(view),
    ...adviseRoutes(view),
    adviseStickiness(view),
    ...adviseBuffering(view),
  ];
}

/** Null where some request is passed on. */
export function deadEnd({ tree, route }: ConfigView): Finding | null {
  if (route === null || [...directivesOf(tree)].some(({ name }) => name === "reverse_proxy")) return null;
  const php = [...directivesOf(tree)].find(({ name }) => name === "php_fastcgi");
  return fault("route", {
    side: "proxy",
    title: "the config passes no request on",
    evidence: [],
    cause:
      php === undefined
        ? "no `reverse_proxy` stands in it, and nothing else of Caddy's passes a WebSocket on"
        : `${written(php)} speaks FastCGI, in which there are no WebSockets, and no \`reverse_proxy\` stands beside it`,
    cure: `in ${route.address.text}:\nreverse_proxy /ws* 127.0.0.1:8080`,
  });
}

/** A header that is compared whole lets Chrome in and not Firefox, or the other way round, or nobody. */
function missedBrowsers({ route, tree, proxy }: ConfigView): Finding[] {
  if (route === null) return [];
  const { site, path, serverName, address } = route;
  for (const connection of ["Upgrade", "keep-alive, Upgrade"]) {
    const request = webSocketRequest({ path, host: serverName, tls: address.tls, connection });
    const { end } = followRoute(site, request, tree);
    const took = end.kind === "proxy" ? end.line : null;
    const [miss] = nearMisses(site, request).filter(({ line }) => line.name === "header");
    if (miss === undefined || (took !== null && isSameUpstream(miss.proxy, took))) continue;
    const [title, whose] =
      took === proxy && took !== null
        ? ["a rule for WebSockets never holds for a browser's", ""]
        : ["a rule for WebSockets does not hold for every browser's", ` (so does ${browsers[connection]})`];
    return [
      fault("route", {
        side: "proxy",
        title,
        evidence: [`config: ${written(miss.line)}`],
        cause: `${miss.cause}${whose}`,
        cure: miss.cure,
      }),
    ];
  }
  return [];
}

const browsers: Readonly<Record<string, string>> = { Upgrade: "Chrome", "keep-alive, Upgrade": "Firefox" };

function isSameUpstream(one: Directive, other: Directive): boolean {
  const dials = (line: Directive): string =>
    [line, ...everyDirective(line.block ?? [])]
      .filter(({ name }) => name === "reverse_proxy")
      .flatMap((proxy) => upstreamWords(proxy).map(({ dial }) => dial))
      .join();
  return dials(one) === dials(other);
}

/** An auth server that speaks WebSockets answers the upgrade itself, and the client talks to it. */
function asksAuth({ route }: ConfigView): Finding[] {
  const line = (route?.followed.met ?? []).find(({ name }) => name === "forward_auth");
  if (line === undefined) return [];
  const without = linesNamed(line, "header_up").some((one) => {
    const { sign, name } = fieldOf(one);
    return sign === "-" && /^(?:upgrade|connection)$/i.test(name);
  });
  if (without) return [];
  return [
    warning("access", {
      side: "proxy",
      title: "the auth server is asked to upgrade as well",
      evidence: [`config: ${written(line)}`],
      cause: `${written(line)} sends Upgrade and Connection along: an auth server that answers 101 gets the client's WebSocket, and the backend never sees it`,
      cure: "in its block:\nheader_up -Connection\nheader_up -Upgrade",
    }),
  ];
}

function ends(view: ConfigView): Finding[] {
  const life = timeOf(view, "stream_timeout");
  const silence = timeOf(view, "read_timeout");
  return [
    ...(life === null
      ? []
      : [
          warning("idle-timeout", {
            side: "proxy",
            title: `every WebSocket ends after ${timeWords(life.value)}, busy or not, without a close frame (1006)`,
            evidence: [`config: ${written(life.line)}`],
            cause: explainIdle(view, life.value)?.cause ?? "",
            cure: "without the line, or as long as a WebSocket may live:\nstream_timeout 24h",
          }),
        ]),
    ...(silence === null || silence.value >= shortS || life !== null
      ? []
      : [
          warning("idle-timeout", {
            side: "proxy",
            title: `a WebSocket whose backend says nothing for ${timeWords(silence.value)} is closed without a close frame (1006)`,
            evidence: [`config: ${written(silence.line)}`],
            cause: explainIdle(view, silence.value)?.cause ?? "",
            cure: `a heartbeat from the backend more often than every ${timeWords(silence.value)}, or without the line`,
          }),
        ]),
  ];
}

/** The most usual way to have 503 from a WebSocket server that runs. */
function checks({ proxy }: ConfigView): Finding[] {
  if (proxy === null) return [];
  const check = lineNamed(proxy, "health_uri", "health_path");
  return [
    ...(check === null
      ? []
      : [
          note("upstream", {
            title: "health checks are plain requests",
            evidence: [`config: ${written(check)}`],
            cause: `${written(check)}: a server that takes nothing but WebSockets answers them with 400 or 426, and is taken for down: 503 for everybody`,
          }),
        ]),
  ];
}

/** What people set about buffers for WebSockets, and what counts. */
function adviseBuffering({ proxy }: ConfigView): Finding[] {
  if (proxy === null || lineNamed(proxy, "response_buffers", "buffer_responses") !== null) return [];
  const line = lineNamed(proxy, "flush_interval", "request_buffers", "buffer_requests");
  const size = lineNamed(proxy, "stream_buffer_size");
  const words = `config: ${size === null ? "stream_buffer_size is not set: 32 KiB" : written(size)}; it is the tunnel's read size in both directions`;
  if (line === null) return [ok("buffering", [words])];
  return [
    note("buffering", {
      title: `${line.name} has no effect on a WebSocket`,
      evidence: [`config: ${written(line)}`, words],
      cause: "it is for bodies, and a handshake has none; after the 101 Caddy passes bytes on as they come",
    }),
  ];
}
