/**
 * What the config alone shows, whatever was seen.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { placeWords, quoteAt } from "../../../diagnosis/quote.js";
import { mapAt, nodeAt } from "../language/fields.js";
import type { WebSocketRoute } from "../route/find-web-socket.js";
import type { RuleSyntax } from "../route/match-rule.js";
import { matchersOf, parseRule } from "../route/parse-rule.js";
import { isAt, routersOf, speaksTls } from "../route/parts.js";
import { adviseRoutes, adviseStickiness } from "./advise-others.js";
import { type ConfigView, middlewaresOfType, quoteOf, written } from "./config-view.js";
import { hasEmptyTls } from "./explain-answer.js";
import { missingProtocol } from "./explain-request.js";
import { factsOf } from "./facts.js";
import { entryPointWords, middlewareWords, routerWords, settingsQuote } from "./things.js";

const advisers: readonly ((view: ConfigView) => readonly Finding[])[] = [
  shadowed,
  literalPatterns,
  takenByTcp,
  ignoredRoutes,
  portScheme,
  protocols,
  rates,
  times,
  adviseRoutes,
  buffering,
  adviseStickiness,
];

export function advise(view: ConfigView): readonly Finding[] {
  return advisers.flatMap((adviser) => adviser(view));
}

/** The longer rule goes first, whichever is meant. */
function shadowed({ route }: ConfigView): Finding[] {
  if (route === null || route.way === null || route.way.router.entry === route.meant.router.entry) return [];
  const [taking, meant] = [route.way, route.meant];
  if (taking.balancers.length > 0 && taking.balancers.every((one) => meant.balancers.includes(one)))
    return [];
  const isMissed = meant.router.priority > taking.router.priority;
  if (isMissed) return [];
  return [
    fault("route", {
      side: "proxy",
      title: "another router takes the WebSocket's requests",
      evidence: [
        `config: ${written(taking.router.entry.value, "rule")}, priority ${taking.router.priority}`,
        `config: ${written(meant.router.entry.value, "rule")}, priority ${meant.router.priority}`,
      ],
      cause: `${routerWords(taking.router)} holds for ${route.path} too, and goes before ${routerWords(meant.router)}: ${quoteOf(taking.router.entry.value, "priority") === null ? "without `priority` the longer rule does" : `its priority is ${taking.router.priority}`}`,
      cure: `in ${routerWords(meant.router)}:\npriority: ${taking.router.priority + 1}`,
    }),
  ];
}

/** What looks like a pattern and is compared as it stands: wildcards, and the names in braces of version 2. */
function literalPatterns({ route }: ConfigView): Finding[] {
  if (route === null || route.meant.router.kind === "tcp") return [];
  const { router } = route.meant;
  const found = matchersOf(parseRule(router.rule)).find(({ name, values }) =>
    values.some((value) => isLiteral(name, value, router.syntax)),
  );
  if (found === undefined) return [];
  const [value = ""] = found.values;
  const text = `${found.name}(\`${value}\`)`;
  const isHost = /^host/i.test(found.name);
  return [
    fault("route", {
      side: "proxy",
      title: "a rule compares a pattern letter by letter",
      evidence: [`config: ${written(router.entry.value, "rule")}`],
      cause: `\`${text}\` of ${routerWords(router)} is no pattern${value.includes("{") ? " in version 3" : ""}: no client asks for ${isHost ? "such a host" : "such a path"}`,
      cure: isHost
        ? `HostRegexp(\`^[a-z0-9-]+${value.replace(/^[*]|^\{[^}]*\}/, "").replaceAll(".", "\\.")}$\`)`
        : `PathPrefix(\`${value.replace(/[*{].*$/, "").replace(/(?<=.)\/$/, "")}\`), or PathRegexp with a regular expression`,
    }),
  ];
}

function isLiteral(name: string, value: string, syntax: RuleSyntax): boolean {
  if (/^hostregexp$/i.test(name)) return syntax === "v3" && /\{[a-z]\w*:/i.test(value);
  if (!/^(?:host|path|pathprefix)$/i.test(name)) return false;
  return value.includes("*") || (syntax === "v3" && value.includes("{"));
}

/** A router of TCP for any name gets every connection without TLS before HTTP is looked at. */
function takenByTcp({ read, route }: ConfigView): Finding[] {
  if (route === null || route.tls || route.meant.router.kind === "tcp") return [];
  const taking = routersOf(read, "tcp").find(
    (router) =>
      isAt(router, route.entryPoint) &&
      /HostSNI\(`\*`\)/i.test(router.rule) &&
      !speaksTls(router, route.entryPoint),
  );
  if (taking === undefined) return [];
  return [
    fault("route", {
      side: "proxy",
      title: "a router of TCP takes every connection",
      evidence: [`config: ${written(taking.entry.value, "rule")}`],
      cause: `at ${entryPointWords(route.entryPoint)} ${routerWords(taking)} goes before every router of HTTP: no request comes to ${routerWords(route.meant.router)}`,
      cure: "an entry point of its own for one of the two",
    }),
  ];
}

function ignoredRoutes({ read: { ignored }, route }: ConfigView): Finding[] {
  if (ignored === null || route === null) return [];
  return [
    warning("other-routes", {
      side: "proxy",
      title: `Traefik does not see all of the routes: \`${ignored.key}\` stands in the file that it is started with`,
      evidence: [`config: \`${ignored.key}\` at ${placeWords(ignored.place)}`],
      cause: 'the install configuration ("static") has no routes: they are passed over without a word',
      cure: `\`${ignored.key}\` in a file that \`providers.file\` names`,
    }),
  ];
}

/** The port as written against what is spoken on it: 443 without TLS answers no wss://. */
function portScheme({ route, read }: ConfigView): Finding[] {
  if (route === null) return [];
  if (route.tls) return route.entryPoint.port === 80 ? [tlsAlone(route)] : [];
  const { entryPoint, meant } = route;
  const isEmpty = hasEmptyTls(meant.router);
  const port = entryPoint.port ?? 0;
  if (!isEmpty && !/443$/.test(String(port))) return [];
  const trouble = {
    side: "proxy",
    title: isEmpty
      ? "a router's `tls` says nothing, and is none"
      : `port ${port} speaks no TLS for this router`,
    evidence: [
      isEmpty
        ? `config: ${routerWords(meant.router)}: \`tls:\` without a value`
        : `config: ${written(entryPoint.entry?.value ?? null, "address")}`,
      "client: ws:// is answered there, and wss:// would not be",
    ],
    cause: isEmpty
      ? "a field without a value is as if it were not there: the router takes clients without TLS alone"
      : `${routerWords(meant.router)} has no \`tls\`: who comes with wss:// is answered with 404, behind Traefik's own certificate`,
    cure:
      isEmpty || read.install === null
        ? `in ${routerWords(meant.router)}:\ntls: {}`
        : `in ${routerWords(meant.router)}, or for all of ${entryPointWords(entryPoint)} (\`http: {tls: {}}\`):\ntls: {}`,
  } as const;
  return [port === 443 || isEmpty ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble)];
}

/** Browsers ask for a WebSocket in HTTP/1.1, and get no TLS where that is not offered. */
function protocols(view: ConfigView): Finding[] {
  const without = view.route?.tls ? missingProtocol(view) : null;
  return without === null
    ? []
    : [
        fault("tls-scheme", {
          side: "proxy",
          title: "browsers get no TLS for a WebSocket: http/1.1 is not offered",
          evidence: [`config: ${quoteAt(without)}`],
          cause: `${quoteAt(without)} has no http/1.1, the only one in which browsers ask for a WebSocket`,
          cure: "alpnProtocols: [http/1.1, h2]",
        }),
      ];
}

/** A router has clients with TLS, or those without, and never both. */
function tlsAlone({ entryPoint, meant: { router } }: WebSocketRoute): Finding {
  return fault("tls-scheme", {
    side: "proxy",
    title: "port 80 speaks TLS alone for this router",
    evidence: [
      `config: ${written(entryPoint.entry?.value ?? null, "address")}`,
      `config: ${routerWords(router)} has \`tls\``,
    ],
    cause: `${routerWords(router)} takes clients with TLS alone: who comes with ws:// is answered with 404`,
    cure: "an entry point at port 443 for it; or without `tls`",
  });
}

function rates(view: ConfigView): Finding[] {
  const { handshakeLimit } = factsOf(view);
  if (handshakeLimit === null)
    return [ok("limit-req", ["config: no limit on the rate of handshakes for this path"])];
  const { value, burst, quote, by } = handshakeLimit;
  return [
    warning("limit-req", {
      side: "proxy",
      title: `handshakes: ${value} and at most ${burst} at once for each ${by}: those that come back together are turned away`,
      evidence: [`config: ${quoteAt(quote)}`],
      cause: `${quoteAt(quote)} of rateLimit counts handshakes; after a restart all clients come back at once, and those behind one proxy have one address`,
      cure: "a higher `burst`, or clients that wait a random time before they come back",
    }),
  ];
}

/** People raise them for WebSockets, and they have no part in it. */
function times({ route }: ConfigView): Finding[] {
  const transport = nodeAt(route?.entryPoint.entry?.value ?? null, "transport");
  const timeouts = mapAt(transport, "respondingTimeouts");
  const quotes = ["readTimeout", "writeTimeout", "idleTimeout"].flatMap(
    (name) => quoteOf(timeouts, name) ?? [],
  );
  const lasting = quoteOf(transport, "keepAliveMaxTime");
  const all = lasting === null ? quotes : [...quotes, lasting];
  if (all.length === 0) return [];
  return [
    note("idle-timeout", {
      title: "idle connections are kept: `respondingTimeouts` end with the handshake",
      evidence: all.map((quote) => `config: ${quoteAt(quote)}`),
      cause: "Traefik ends no WebSocket, however long it is quiet; what ends one stands before or behind it",
    }),
  ];
}

function buffering(view: ConfigView): Finding[] {
  const [middleware] = middlewaresOfType(view, "buffering");
  if (middleware === undefined) return [ok("buffering")];
  return [
    note("buffering", {
      title: "the middleware `buffering` has no hold on a WebSocket",
      evidence: [`config: ${quoteAt(settingsQuote(middleware))}`],
      cause: `${middlewareWords(middleware)} lets go of a connection that is upgraded`,
    }),
  ];
}
