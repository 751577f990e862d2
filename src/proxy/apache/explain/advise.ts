/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { libraryAt } from "../../sticky-libraries.js";
import { written } from "../language/config-tree.js";
import { adviseRoutes } from "./advise-routes.js";
import { allLines, type ConfigView, mainLine, membersOf, numberOf, passedOf } from "./config-view.js";
import { idleTimes, isPrefork, workersOf } from "./facts.js";
import { nearMisses } from "./near-miss.js";

const advisers: readonly ((view: ConfigView) => readonly Finding[])[] = [
  missedRules,
  times,
  room,
  adviseRoutes,
  stickiness,
  buffering,
  portScheme,
];

export function advise(view: ConfigView): readonly Finding[] {
  return [
    ...advisers.flatMap((adviser) => adviser(view)),
    ok("limit-req", ["config: Apache itself limits no rate of handshakes"]),
  ];
}

/** A rule that is meant for WebSockets, and that some browser's request does not fulfil. */
function missedRules(view: ConfigView): Finding[] {
  if (passedOf(view) === null) return [];
  return nearMisses(view).map(({ rule, cause, cure, line }) =>
    fault("route", {
      side: "proxy",
      title: "a line for WebSockets does not hold for every browser's",
      evidence: [`config: ${written(rule)}`],
      cause: rule === line ? cause : `${cause}; so ${written(rule)} is passed over`,
      cure,
    }),
  );
}

/** Apache reads digits up to what is none: `Timeout 500ms` is 500 s. */
function times(view: ConfigView): Finding[] {
  const odd = allLines(view).find(
    ({ key, args }) =>
      (/^(?:timeout|proxytimeout)$/.test(key) && /^\d+(?:ms|m|min|h)/i.test(args[0] ?? "")) ||
      (/^(?:proxypass|balancermember|proxyset)$/.test(key) &&
        args.some((word) => /^timeout=\d+(?:ms|m|min|h)/i.test(word))),
  );
  if (odd !== undefined) {
    return [
      warning("idle-timeout", {
        side: "proxy",
        title: "a time with a unit is taken for seconds",
        evidence: [`config: ${written(odd)}`],
        cause: `${written(odd)}: Apache takes the number for seconds, and leaves its unit aside`,
        cure: "the time in seconds, without a unit",
      }),
    ];
  }
  const [client, backend] = idleTimes(view);
  if (backend === null || backend.seconds >= client.seconds) return [];
  return [
    note("idle-timeout", {
      title: "the shorter of two times does nothing",
      evidence: [`config: ${quoteAt(backend.quote)}`, `config: ${quoteAt(client.quote)}`],
      cause: `a quiet WebSocket ends after the larger of the client's and the backend's time: ${quoteAt(backend.quote)} counts until the 101 alone`,
    }),
  ];
}

function room(view: ConfigView): Finding[] {
  const limit = workersOf(view);
  if (limit === null) return [];
  if (isPrefork(view))
    return [
      note("worker-connections", {
        title: "the prefork MPM has a process for each WebSocket",
        evidence: [`config: ${quoteAt(limit.quote)}`],
        cause:
          "a process costs some megabytes, a thread of the event MPM some tens of kibibytes: `a2dismod mpm_prefork`, `a2enmod mpm_event`",
      }),
    ];
  const slots = numberOf(mainLine(view, "serverlimit"));
  const threads = numberOf(mainLine(view, "threadsperchild")) ?? 25;
  const isTight = slots !== null && slots * threads <= limit.value;
  if (!isTight) return [];
  return [
    note("reload", {
      title: "children of before a reload take the places of new ones",
      evidence: [`config: ${quoteAt(limit.quote)}`, `config: ServerLimit ${slots}`],
      cause: `a child with one open WebSocket stays after a graceful reload, and keeps one of ServerLimit's ${slots} places: with all of them taken new clients wait; twice as many leave room`,
    }),
  ];
}

function stickiness(view: ConfigView): Finding[] {
  const members = membersOf(view);
  const library = libraryAt(view.route?.path ?? "/");
  const sticky = allLines(view).some(({ args }) => args.some((word) => /^stickysession=/i.test(word)));
  const isRouted = members.every(({ parameters }) => parameters.has("route"));
  if (library === null || members.length < 2 || (sticky && isRouted)) return [ok("stickiness")];
  const [first] = members;
  return [
    note("stickiness", {
      title: `handshakes of a client spread over ${members.length} members: ${library} needs a cookie`,
      evidence: members.map(({ node }) => `config: ${written(node)}`).slice(0, 5),
      cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; \`route=\` at each member${first === undefined ? "" : ""}, \`ProxySet stickysession=ROUTEID\`, and \`Header add Set-Cookie "ROUTEID=.%{BALANCER_WORKER_ROUTE}e; path=/" env=BALANCER_ROUTE_CHANGED\``,
    }),
  ];
}

function buffering(view: ConfigView): Finding[] {
  const size = mainLine(view, "proxyiobuffersize");
  const words =
    size === null ? "config: ProxyIOBufferSize is not set: 8192 bytes" : `config: ${written(size)}`;
  const found = allLines(view).find(
    ({ key, args }) =>
      (key === "setoutputfilter" || key === "addoutputfilterbytype") &&
      args.some((word) => /DEFLATE|BROTLI/i.test(word)),
  );
  if (found === undefined) return [ok("buffering", [words])];
  return [
    note("buffering", {
      title: "output filters have no effect on a WebSocket",
      evidence: [`config: ${written(found)}`, words],
      cause: "after the 101 mod_proxy passes bytes on as they come, past every filter",
    }),
  ];
}

/** 443 without TLS answers no wss://; Apache starts with it. */
function portScheme(view: ConfigView): Finding[] {
  const { route } = view;
  if (route === null || route.tls || !/443$/.test(String(route.listener.port))) return [];
  const { port } = route.listener;
  const by = route.host ?? route.listener.node;
  const trouble = {
    side: "proxy",
    title: `port ${port} speaks no TLS`,
    evidence: [
      by === null ? `config: port ${port}` : `config: ${written(by)}`,
      "client: ws:// is answered there, and wss:// would not be",
    ],
    cause: "no `SSLEngine On` holds there, and the port alone turns nothing on",
    cure: "nothing, where TLS ends before Apache; else in the virtual host:\nSSLEngine On\nSSLCertificateFile FILE\nSSLCertificateKeyFile FILE",
  } as const;
  return [port === 443 ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble)];
}
