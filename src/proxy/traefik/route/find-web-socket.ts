/**
 * Which router, host and path of a config are for WebSockets, unless the user says: the one that is called so, or whose rule
 * asks for an upgrade; else the one that passes most requests on.
 */
import { UsageError } from "../../../base/errors.js";
import { nodeAt } from "../language/fields.js";
import { serversOf, takingRouter, type Way, wayOf } from "./follow-route.js";
import { matchersOf, parseRule } from "./parse-rule.js";
import {
  type EntryPoint,
  entryPointsOf,
  isAt,
  type Parts,
  type Router,
  routersOf,
  speaksTls,
} from "./parts.js";
import { browserRequest, type RouteRequest } from "./request.js";
import { sampleOf } from "./sample-request.js";

export interface WebSocketRoute {
  readonly entryPoint: EntryPoint;
  readonly tls: boolean;
  readonly path: string;
  /** That is asked for; null for any. */
  readonly host: string | null;
  readonly request: RouteRequest;
  /** What the config means for WebSockets, be it taken or not. */
  readonly meant: Way;
  /** What takes the request; null where nothing does, and Traefik answers 404. */
  readonly way: Way | null;
}

interface Question {
  readonly path: string | null;
  /** A router's, a service's or an entry point's name, or a host. */
  readonly serverName: string | null;
}

/** Paths and names that people give to WebSockets. */
const wordy =
  /(?:^|[/_.@-])(?:ws|wss|sock|socket|sockets|socket\.io|websocket|websockets|live|chat|cable|hub|realtime|stream|notifications?)(?:$|[/_.?@-])/i;

/**
 * @returns null for a config without a router
 * @throws UsageError for a name that is not there
 */
export function findWebSocket(
  parts: Parts,
  { path, serverName }: Question,
  file: string,
): WebSocketRoute | null {
  const all = [...routersOf(parts), ...routersOf(parts, "tcp")].flatMap((router) =>
    candidates(parts, router),
  );
  const name = serverName?.toLowerCase() ?? null;
  const named = name === null ? all : all.filter((one) => namesOf(one).includes(name));
  if (named.length === 0 && all.length > 0)
    throw new UsageError(
      `Cannot measure ${serverName} of ${file}: no router, service, entry point or host is called so; there are ${[...new Set(all.flatMap(namesOf))].slice(0, 20).join(", ")}`,
    );
  const [best] = named
    .map((one) => ({ ...one, score: scoreOf(one) + (takes(one, path) ? 100 : 0) }))
    .sort((a, b) => b.score - a.score);
  return best === undefined ? null : routeOf(parts, best, { path, serverName: name });
}

interface Candidate {
  readonly router: Router;
  readonly entryPoint: EntryPoint;
  readonly way: Way;
}

/** A router whose entry points are not there is meant for the first that is. */
function candidates(parts: Parts, router: Router): Candidate[] {
  const entryPoints = entryPointsOf(parts);
  const own = entryPoints.filter((one) => isAt(router, one));
  const at = own.length > 0 ? own : entryPoints.slice(0, 1);
  return at.map((entryPoint) => ({ router, entryPoint, way: wayOf(parts, router, entryPoint) }));
}

function namesOf({ router, entryPoint, way }: Candidate): string[] {
  const service = way.router.entry.value.kind === "map" ? (serviceName(way) ?? []) : [];
  const { host } = sampleOf(router);
  return [router.name, entryPoint.name, service, host ?? []].flat().map((name) => name.toLowerCase());
}

function serviceName({ router }: Way): string | null {
  const { value } = router.entry;
  const entry =
    value.kind === "map" ? value.entries.find(({ key }) => key.toLowerCase() === "service") : undefined;
  return entry?.value.kind === "scalar" ? String(entry.value.value) : null;
}

/** Whether it is the place for the path that the user asks for. */
function takes({ router }: Candidate, path: string | null): boolean {
  const own = sampleOf(router).path;
  return path !== null && own !== null && own !== "/" && path.startsWith(own);
}

function scoreOf({ router, entryPoint, way }: Candidate): number {
  const matchers = matchersOf(parseRule(router.rule));
  const asksForUpgrade = matchers.some(
    ({ name, values }) =>
      /^headers?(?:regexp)?$/i.test(name) && /^(?:upgrade|connection)$/i.test(values[0] ?? ""),
  );
  const { path } = sampleOf(router);
  const isWordy = [path, router.name, serviceName(way), entryPoint.name].some(
    (name) => name !== null && wordy.test(name),
  );
  const passesOn = way.balancers.some((balancer) => serversOf(balancer).length > 0);
  const redirects =
    way.middlewares.some(({ type }) => type.startsWith("redirect")) ||
    nodeAt(entryPoint.entry?.value ?? null, "http", "redirections") !== null;
  return (
    (router.kind === "http" ? 2 : 0) +
    (asksForUpgrade ? 32 : 0) +
    (isWordy ? 16 : 0) +
    (passesOn ? 8 : 0) +
    (redirects || way.internal !== null ? -12 : 0) +
    (speaksTls(router, entryPoint) ? 0 : 1) +
    (entryPoint.port === (speaksTls(router, entryPoint) ? 443 : 80) ? 2 : 0)
  );
}

function routeOf(
  parts: Parts,
  { router, entryPoint, way }: Candidate,
  { path, serverName }: Question,
): WebSocketRoute {
  const sample = sampleOf(router);
  const tls = speaksTls(router, entryPoint);
  const asked = path ?? sample.path ?? "/";
  const host = serverName !== null && /\./.test(serverName) ? serverName : sample.host;
  const request = browserRequest({ path: asked, host, tls });
  if (router.kind === "tcp") return { entryPoint, tls, path: asked, host, request, meant: way, way };
  const taking = takingRouter(parts, entryPoint, request);
  return {
    ...{ entryPoint, tls, path: asked, host, request, meant: way },
    way: taking === null ? null : wayOf(parts, taking, entryPoint),
  };
}
