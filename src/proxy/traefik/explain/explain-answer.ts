/**
 * Why a request was answered before the backend saw it.
 */
import type { Log, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { mapAt, nodeAt, textAt, textsAt } from "../language/fields.js";
import type { WebSocketRoute } from "../route/find-web-socket.js";
import { type Middleware, takingRouter, type Way, wayOf } from "../route/follow-route.js";
import { browserRequest, type RouteRequest } from "../route/request.js";
import { type ConfigView, quoteOf, written } from "./config-view.js";
import { explainUpstream } from "./explain-upstream.js";
import { missOf } from "./near-miss.js";
import { entryPointWords, middlewareAt, routerWords, settingsQuote } from "./things.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;

export function explainAnswer(view: ConfigView, symptom: Early): Explanation | null {
  const { route } = view;
  if (route === null) return null;
  const { status, location, log, asked } = symptom;
  const request = asked === undefined ? route.request : browserRequest(asked);
  const way = asked === undefined ? route.way : wayFor(view, route, request);
  if (/^30[1278]$/.test(String(status))) return explainRedirect(route, way, location);
  if (way === null) return status === 404 ? explainNoRouter(route, request) : null;
  const seen = { ...view, way };
  return (
    byMiddleware(way, status, log) ??
    (way.internal === null ? null : explainInternal(seen, way, status)) ??
    (status >= 500 ? explainUpstream(seen, status, log) : null)
  );
}

function wayFor({ read }: ConfigView, { entryPoint }: WebSocketRoute, request: RouteRequest): Way | null {
  const router = takingRouter(read, entryPoint, request);
  return router === null ? null : wayOf(read, router, entryPoint);
}

/** Traefik's own 404: no router of the entry point holds. */
function explainNoRouter({ meant, entryPoint, tls }: WebSocketRoute, request: RouteRequest): Explanation {
  const { router } = meant;
  const miss = missOf(router, request);
  const quote = quoteOf(router.entry.value, "rule");
  const where = `at ${entryPointWords(entryPoint)}`;
  const secured = tls ? " with TLS" : " without TLS";
  return {
    title: "no router takes the request: Traefik answers 404",
    cause:
      miss === null
        ? `no router ${where}${secured} takes ${request.path} of \`${request.host}\``
        : `${routerWords(router)} does not take it: ${miss.cause}`,
    cure:
      miss === null
        ? `a router for it:\nrule: PathPrefix(\`${request.path}\`)`
        : `in its rule:\n${miss.cure}`,
    quotes: quote === null ? [] : [quote],
  };
}

function explainRedirect(
  { entryPoint, meant }: WebSocketRoute,
  way: Way | null,
  location: string | null,
): Explanation | null {
  const to = location === null ? "" : ` to ${location}`;
  const redirections = mapAt(entryPoint.entry?.value ?? null, "http", "redirections", "entryPoint");
  const middleware = way?.middlewares.find(({ type }) => type.startsWith("redirect"));
  const cure = "connect to where it points: wss://; or a router of its own for the WebSocket, without it";
  if (redirections !== null) {
    const quote = quoteOf(redirections, "to");
    return {
      cause: `${entryPointWords(entryPoint)} redirects every request${to} (${written(redirections, "to")}), and WebSocket clients follow no redirect`,
      cure: "connect to where it points: wss://",
      quotes: quote === null ? [] : [quote],
    };
  }
  if (middleware === undefined) return null;
  const quote = settingsQuote(middleware);
  const taken =
    way === null || way.router.entry === meant.router.entry
      ? ""
      : `; ${routerWords(way.router)} takes the request`;
  return {
    cause: `${middlewareAt(middleware)} redirects${to}, and WebSocket clients follow no redirect${taken}`,
    cure,
    quotes: [quote],
  };
}

/** What a middleware of a type answers for itself, by the status; `said` is of Traefik's log. */
interface Denial {
  readonly types: readonly string[];
  readonly statuses: readonly number[];
  readonly cause: string;
  readonly cure: string;
}

const denials: readonly Denial[] = [
  {
    types: ["basicauth", "digestauth"],
    statuses: [401],
    cause:
      "asks for a password, and a browser sends none with a WebSocket that it was not asked for on the page",
    cure: "a router of its own for the WebSocket, without it, and a token in the query or a cookie that the backend checks",
  },
  {
    types: ["forwardauth"],
    statuses: [401, 403, 500],
    cause:
      "asks a server who may connect: it turned the client away, or could not be asked; it is sent the handshake's headers, Upgrade and Connection aside",
    cure: "an auth server that lets the WebSocket's path in (it comes as X-Forwarded-Uri), or a router of its own without it",
  },
  {
    types: ["ipallowlist", "ipwhitelist"],
    statuses: [403],
    cause: "lets in the addresses of `sourceRange` alone, and the client's is none of them",
    cure: "the clients' range in `sourceRange`; behind another proxy also `ipStrategy: {depth: 1}`",
  },
  {
    types: ["inflightreq"],
    statuses: [429],
    cause: "counts every open WebSocket as a request in flight, and there are as many as it lets in",
    cure: "a higher `amount`, or a router of its own for the WebSocket, without it",
  },
  {
    types: ["ratelimit"],
    statuses: [429],
    cause: "counts handshakes, and none was left: clients that come back together meet it first",
    cure: "a higher `average` and `burst`, or clients that wait a random time before they come back",
  },
  {
    types: ["circuitbreaker"],
    statuses: [503],
    cause:
      "has tripped: its expression held for the last answers, and nobody is let through till it recovers",
    cure: "an expression that a few refused handshakes do not fulfil, or a router of its own for the WebSocket, without it",
  },
  {
    types: ["headers"],
    statuses: [500],
    cause: "answers `Bad Host`: the Host is none of its `allowedHosts`",
    cure: "the host in `allowedHosts`, with its port where clients send one",
  },
];

function byMiddleware({ middlewares }: Way, status: number, log: Log): Explanation | null {
  for (const middleware of middlewares) {
    const found = denials.find(({ types }) => types.includes(middleware.type));
    if (found === undefined || !statusesOf(middleware, found).includes(status)) continue;
    if (middleware.type === "headers" && textsAt(middleware.settings, "allowedHosts").length === 0) continue;
    if (status >= 500 && log.some(({ shown }) => /^\w+ 50\d /.test(shown))) continue;
    const quote = settingsQuote(middleware);
    return {
      cause: `${middlewareAt(middleware)} ${found.cause}`,
      cure: found.cure,
      quotes: [quote],
    };
  }
  return null;
}

function statusesOf({ settings }: Middleware, { statuses, types }: Denial): readonly number[] {
  const field = types.includes("ipallowlist") ? "rejectStatusCode" : "responseCode";
  const own = textAt(settings, field);
  return own === null ? statuses : [Number(own)];
}

function explainInternal({ route }: ConfigView, { router, internal }: Way, status: number): Explanation {
  const quote = quoteOf(router.entry.value, "service");
  const meant = route?.meant.router;
  const isOther = meant !== undefined && meant.entry !== router.entry;
  return {
    cause: `${routerWords(router)} leads to ${internal}, which answers ${status} itself${isOther ? `; ${routerWords(meant)} is asked after it` : ""}`,
    cure: isOther
      ? `a higher priority for the other one: in ${routerWords(meant)}\npriority: ${router.priority + 1}`
      : "a service with servers",
    quotes: quote === null ? [] : [quote],
  };
}

/** What is asked for at all of a router whose `tls` says nothing. */
export function hasEmptyTls({ entry }: Way["router"]): boolean {
  const held =
    entry.value.kind === "map"
      ? entry.value.entries.find(({ key }) => key.toLowerCase() === "tls")
      : undefined;
  return held !== undefined && nodeAt(entry.value, "tls") === null;
}
