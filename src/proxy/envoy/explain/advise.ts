/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { nodeAt, textAt } from "../language/config-node.js";
import { followRequest } from "../route/follow-route.js";
import { mapsAt, socketAddress } from "../route/listeners.js";
import { browserRequest } from "../route/request.js";
import { selectHost } from "../route/select-host.js";
import { adviseBuffering, advisePortScheme, adviseRoutes, adviseStickiness } from "./advise-others.js";
import type { ConfigView } from "./config-view.js";
import { lateS } from "./explain-times.js";
import { factsOf, lifetime } from "./facts.js";
import { messageWords, routeWords } from "./places.js";
import { defaultQuote, quoteOf, written } from "./quotes.js";

const advisers: readonly ((view: ConfigView) => readonly Finding[])[] = [
  otherBrowsers,
  hostPorts,
  shortLives,
  lateEnds,
  rates,
  adviseRoutes,
  adviseBuffering,
  advisePortScheme,
  adviseStickiness,
];

export function advise(view: ConfigView): readonly Finding[] {
  return advisers.flatMap((adviser) => adviser(view));
}

/** A condition on Connection that only one browser's request fulfils: Firefox says `keep-alive, Upgrade`. */
function otherBrowsers({ tree, route, first }: ConfigView): Finding[] {
  if (route === null || first?.route == null) return [];
  const request = browserRequest({
    path: route.path,
    host: route.host,
    tls: route.tls,
    connection: "keep-alive, Upgrade",
  });
  const [other] = followRequest(tree, route.listener, request);
  if (other === undefined || other.route === first.route) return [];
  const matcher = mapsAt(first.route, "match", "headers").find(
    (header) => textAt(header, "name")?.toLowerCase() === "connection",
  );
  if (matcher === undefined) return [];
  return [
    fault("route", {
      side: "proxy",
      title: "a route for WebSockets is not for every browser's",
      evidence: [`config: ${written(first.route, "match")}`],
      cause: `${conditionWords(matcher)} is true for \`Connection: Upgrade\` alone, and Firefox sends \`keep-alive, Upgrade\`; ${routeWords(first.route)} is passed over then`,
      cure: "- name: upgrade\n  string_match: {exact: websocket, ignore_case: true}",
    }),
  ];
}

function conditionWords(matcher: ConfigNode): string {
  const name = ["string_match", "exact_match", "prefix_match", "suffix_match"].find(
    (one) => nodeAt(matcher, one) !== null,
  );
  return name === undefined ? "a condition" : written(matcher, name);
}

/** What a client sends who connects to the listener itself has the listener's port, unless that is the usual one. */
function hostPorts({ first, route }: ConfigView): Finding[] {
  if (first?.manager == null || first.routes === null || first.virtualHost === null || route?.host == null)
    return [];
  const port = socketAddress(nodeAt(first.listener, "address"))?.port ?? null;
  if (port === null) return [];
  const [name = "", wanted = null] = route.host.split(/:(?=\d+$)/);
  const asked = port === 80 || port === 443 ? name : `${name}:${port}`;
  const found = selectHost(asked, { manager: first.manager, routes: first.routes });
  if (found === first.virtualHost) return [];
  const outcome = found === null ? "Envoy answers 404" : "another virtual host takes the request";
  const stripping = `\`strip_any_host_port: true\` in ${messageWords(first.manager)}`;
  const cure =
    wanted === null
      ? `${stripping} takes the port off`
      : `\`${name}\` in its place, with ${stripping}, takes any port`;
  return [
    note("header-host", {
      title:
        wanted === null
          ? "clients have to come by a port that they do not write: 80, or 443"
          : `clients have to come by port ${wanted}, and to write it`,
      evidence: [`config: ${written(first.virtualHost, "domains")}`],
      cause: `whoever connects to port ${port} itself sends \`Host: ${asked}\`, which none of these is: ${outcome}; ${cure}`,
    }),
  ];
}

function shortLives(view: ConfigView): Finding[] {
  const most = lifetime(view);
  if (most === null) return [];
  return [
    warning("idle-timeout", {
      side: "proxy",
      title: `every WebSocket is closed ${timeWords(most.value)} after it was opened, however busy (1006)`,
      evidence: [`config: ${quoteAt(most.quote)}`],
      cause: `${quoteAt(most.quote)} counts from the request on, whatever is said`,
      cure: "without it, or in the route, which goes before the listener:\nmax_stream_duration: {max_stream_duration: 0s}",
    }),
  ];
}

/** Measured with the time by default: a server that closes its connection is seen to have done so 1.0 s later. */
function lateEnds(view: ConfigView): Finding[] {
  const seconds = lateS(view);
  if (seconds === null) return [];
  const stated = quoteOf(view.first?.manager ?? null, "delayed_close_timeout");
  const quote = stated ?? defaultQuote("`delayed_close_timeout` is not set: 1s");
  return [
    note("abrupt-end", {
      title: `an end without a close frame reaches the client ${timeWords(seconds)} late`,
      evidence: [`config: ${quoteAt(quote)}`],
      cause:
        "Envoy waits so long for the client to close first, so that no reset overtakes the last bytes; a close frame passes at once, and `delayed_close_timeout: 0s` passes the end on at once too",
    }),
  ];
}

function rates(view: ConfigView): Finding[] {
  const { handshakeLimit } = factsOf(view);
  if (handshakeLimit === null)
    return [ok("limit-req", ["config: no limit on the rate of handshakes for this path"])];
  const { value, burst, quote } = handshakeLimit;
  return [
    warning("limit-req", {
      side: "proxy",
      title: `${value} and at most ${burst} at once, of all clients together: those that come back together are turned away`,
      evidence: [`config: ${quoteAt(quote)}`],
      cause: `${quoteAt(quote)} counts handshakes, whoever asks; after a restart all clients come back at once`,
      cure: "more `max_tokens`, or clients that wait a random time before they come back",
    }),
  ];
}
