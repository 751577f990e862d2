/**
 * Where a request goes: from an entry point to a router, through its middlewares, to services and their servers.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigEntry, ConfigMap } from "../../tree/config-node.js";
import { mapAt, mapsAt, nodeAt, textAt, textsAt } from "../language/fields.js";
import { ruleHolds } from "./match-rule.js";
import { parseRule } from "./parse-rule.js";
import {
  type EntryPoint,
  isAt,
  middlewareNamed,
  type Parts,
  type Router,
  routersOf,
  serviceNamed,
  speaksTls,
  typeOf,
} from "./parts.js";
import type { RouteRequest } from "./request.js";

export interface Middleware {
  readonly name: string;
  /** In small letters: "stripprefix". */
  readonly type: string;
  /** The middleware as a whole. */
  readonly entry: ConfigEntry;
  readonly settings: ConfigMap;
}

/** A name that stands for nothing in the config. */
interface MissingPart {
  readonly kind: "service" | "middleware";
  readonly name: string;
  readonly place: Place | null;
}

export interface Way {
  readonly router: Router;
  /** In the order in which a request meets them. */
  readonly middlewares: readonly Middleware[];
  /** `loadBalancer` of every service that may get it. */
  readonly balancers: readonly ConfigMap[];
  /** A service of Traefik's own: `api@internal`; null for none. */
  readonly internal: string | null;
  readonly missing: readonly MissingPart[];
}

/** The router that takes a request: of those that hold, the one with the highest priority. Null for none: 404. */
export function takingRouter(parts: Parts, entryPoint: EntryPoint, request: RouteRequest): Router | null {
  const ranked = routersOf(parts)
    .filter((router) => isAt(router, entryPoint) && speaksTls(router, entryPoint) === request.tls)
    .filter((router) => wayOf(parts, router, entryPoint).missing.length === 0)
    .sort((a, b) => b.priority - a.priority);
  return ranked.find((router) => holds(router, request)) ?? null;
}

/** What cannot be told is taken to hold not. */
function holds({ rule, syntax }: Router, request: RouteRequest): boolean {
  const parsed = parseRule(rule);
  return parsed !== null && ruleHolds(parsed, request, syntax) === true;
}

export function wayOf(parts: Parts, router: Router, entryPoint: EntryPoint | null): Way {
  const missing: MissingPart[] = [];
  const ofEntryPoint = textsAt(entryPoint?.entry?.value ?? null, "http", "middlewares");
  const names = [
    ...ofEntryPoint.map((name) => ({ name, place: entryPoint?.entry?.place ?? null })),
    ...textsAt(router.entry.value, "middlewares").map((name) => ({
      name,
      place: nodeAt(router.entry.value, "middlewares")?.place ?? router.entry.place,
    })),
  ];
  const middlewares = names.flatMap(({ name, place }) => middlewaresOf(parts, name, place, missing, 0));
  const service = textAt(router.entry.value, "service");
  const place = nodeAt(router.entry.value, "service")?.place ?? router.entry.place;
  const isInternal = service?.endsWith("@internal") === true;
  const balancers =
    service === null || isInternal
      ? []
      : balancersOf(parts, router.kind, { name: service, place }, missing, 0);
  return { router, middlewares, balancers, internal: isInternal ? service : null, missing };
}

const mostDepth = 8;

/** A chain is what it consists of. */
function middlewaresOf(
  parts: Parts,
  name: string,
  place: Place | null,
  missing: MissingPart[],
  depth: number,
): Middleware[] {
  const entry = middlewareNamed(parts, name);
  const found = entry === null ? null : typeOf(entry);
  if (entry === null || found === null || depth > mostDepth) {
    missing.push({ kind: "middleware", name, place });
    return [];
  }
  if (found.type === "chain")
    return textsAt(found.settings.value, "middlewares").flatMap((one) =>
      middlewaresOf(parts, one, found.settings.place, missing, depth + 1),
    );
  const { value } = found.settings;
  const settings: ConfigMap = value.kind === "map" ? value : { kind: "map", entries: [], place: value.place };
  return [{ name: entry.key, type: found.type, entry, settings }];
}

interface Named {
  readonly name: string;
  readonly place: Place | null;
}

function balancersOf(
  parts: Parts,
  kind: Router["kind"],
  { name, place }: Named,
  missing: MissingPart[],
  depth: number,
): ConfigMap[] {
  const entry = serviceNamed(parts, name, kind);
  if (entry === null || depth > mostDepth) {
    missing.push({ kind: "service", name, place });
    return [];
  }
  const balancer = mapAt(entry.value, "loadBalancer");
  if (balancer !== null) return [balancer];
  return innerServices(entry).flatMap((inner) => balancersOf(parts, kind, inner, missing, depth + 1));
}

/** Services that a service is made of. A mirror gets copies, which open no WebSocket. */
function innerServices({ value }: ConfigEntry): Named[] {
  const shared = ["weighted", "highestRandomWeight"].flatMap((type) => mapsAt(value, type, "services"));
  const named = [
    ...shared.map((one) => ({ name: textAt(one, "name"), place: one.place })),
    ...["mirroring", "failover"].map((type) => ({
      name: textAt(value, type, "service"),
      place: nodeAt(value, type)?.place ?? null,
    })),
    { name: textAt(value, "failover", "fallback"), place: nodeAt(value, "failover")?.place ?? null },
  ];
  return named.flatMap(({ name, place }) => (name === null ? [] : [{ name, place }]));
}

export interface Server {
  /** As it is written: `http://app:3000`, or `app:3000` of TCP. */
  readonly url: string;
  readonly node: ConfigMap;
}

export function serversOf(balancer: ConfigMap): Server[] {
  return mapsAt(balancer, "servers").flatMap((node) => {
    const url = textAt(node, "url") ?? textAt(node, "address");
    return url === null ? [] : [{ url, node }];
  });
}
