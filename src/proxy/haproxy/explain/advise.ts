/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault, note, notTested, ok, warning } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { sectionText } from "../language/config-tree.js";
import { effectiveOption } from "../language/effective.js";
import { adviseBuffering } from "./advise-buffering.js";
import { advisePortScheme } from "./advise-port-scheme.js";
import { adviseRoutes } from "./advise-routes.js";
import { adviseStickiness } from "./advise-stickiness.js";
import { findClientLimits } from "./client-limits.js";
import { type ConfigView, serverParameter, written } from "./config-view.js";
import { factsOf } from "./facts.js";
import { nearMisses } from "./near-miss.js";

const advisers: readonly ((view: ConfigView) => readonly Finding[])[] = [
  missedRules,
  proxyLines,
  checks,
  limits,
  adviseRoom,
  adviseRoutes,
  adviseStickiness,
  advisePortScheme,
  adviseBuffering,
];

export function advise(view: ConfigView): readonly Finding[] {
  return advisers.flatMap((adviser) => adviser(view));
}

/** A rule that is meant for WebSockets, and that no browser's request fulfils. */
function missedRules(view: ConfigView): Finding[] {
  if (view.route?.end.kind === "no-backend") return [];
  return nearMisses(view).map(({ rule, cause, cure, line }) =>
    fault("route", {
      side: "proxy",
      title: "a rule for WebSockets never holds for a browser's",
      evidence: [`config: ${written(rule)}`],
      cause: rule === line ? cause : `${cause}; so ${written(rule)} is passed over`,
      cure,
    }),
  );
}

function proxyLines(view: ConfigView): Finding[] {
  const found: Finding[] = [];
  const bind = view.route?.bind ?? null;
  if (bind?.args.includes("accept-proxy")) {
    found.push(
      note("unreachable", {
        title: "clients have to come through a proxy that sends a PROXY line",
        evidence: [`config: ${written(bind)}`],
        cause: `${written(bind)}: a browser that connects directly is cut without an answer; wsrally's copy goes without it`,
      }),
    );
  }
  const [server] = view.servers;
  const sent =
    server && (serverParameter(view, server, "send-proxy") ?? serverParameter(view, server, "send-proxy-v2"));
  if (sent) {
    found.push(
      note("upstream", {
        title: "the backend has to expect a PROXY line",
        evidence: [`config: ${written(sent.line)}`],
        cause: `${written(sent.line)}: a WebSocket server that is not told of it answers 400; wsrally's copy goes without it`,
      }),
    );
  }
  return found;
}

/** The most usual way to have 503 from a WebSocket server that runs. */
function checks(view: ConfigView): Finding[] {
  const { backend, servers, tree } = view;
  const option = backend === null ? null : effectiveOption(backend, tree, "httpchk");
  const isChecked = servers.some((server) => serverParameter(view, server, "check") !== null);
  if (option === null || backend === null || !isChecked) return [];
  return [
    note("upstream", {
      title: "health checks are plain requests",
      evidence: [`config: ${written(option)}`],
      cause: `${written(option)}: a server that takes nothing but WebSockets answers them with 400 or 426, and ${sectionText(backend)} is then down: 503 for everybody`,
    }),
  ];
}

function limits(view: ConfigView): Finding[] {
  const { handshakeLimit } = findClientLimits(view);
  if (handshakeLimit === null)
    return [ok("limit-req", ["config: no limit on the rate of handshakes for this path"])];
  return [
    warning("limit-req", {
      side: "proxy",
      title: `${handshakeLimit.value} for each ${handshakeLimit.by}: clients that come back together are turned away`,
      evidence: [`config: ${quoteAt(handshakeLimit.quote)}`],
      cause: `${quoteAt(handshakeLimit.quote)} counts handshakes; after a restart all of an office come at once, from one address`,
      cure: "a higher rate, or clients that wait a random time before they come back",
    }),
  ];
}

function adviseRoom(view: ConfigView): Finding[] {
  if (factsOf(view).room !== null) return [];
  const why =
    "no `maxconn` is set: HAProxy makes its room of the open files that it may have, two a WebSocket";
  return [notTested("worker-connections", why)];
}
