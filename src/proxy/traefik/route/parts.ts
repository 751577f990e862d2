/**
 * Entry points, routers, middlewares and services of a config, found by their names.
 */
import type { ConfigEntry, ConfigMap } from "../../tree/config-node.js";
import { isTrueAt, mapAt, namedIn, nodeAt, textAt, textsAt } from "../language/fields.js";
import type { ReadConfig } from "../language/read-config.js";
import type { RuleSyntax } from "./match-rule.js";

export type Parts = Pick<ReadConfig, "install" | "routing">;

export interface EntryPoint {
  readonly name: string;
  /** Null for one that a file of routes alone names. */
  readonly entry: ConfigEntry | null;
  /** Null where it is not told. */
  readonly port: number | null;
  /** Whether routers that say nothing of TLS speak it here. */
  readonly isTls: boolean;
  /** Whether a router that names none takes it. */
  readonly isDefault: boolean;
}

/** Those for TCP; a file of routes alone has those that its routers name, or one. */
export function entryPointsOf({ install, routing }: Parts): EntryPoint[] {
  if (install === null) return namedByRouters(routing);
  const all = namedIn(install, "entryPoints").filter(
    ({ value }) => !/\/udp$/i.test(textAt(value, "address") ?? ""),
  );
  const hasDefaults = all.some(({ value }) => isTrueAt(value, "asDefault"));
  return all.map((entry) => ({
    name: entry.key,
    entry,
    port: portOf(textAt(entry.value, "address") ?? ""),
    isTls: nodeAt(entry.value, "http", "tls") !== null,
    isDefault: hasDefaults ? isTrueAt(entry.value, "asDefault") : entry.key !== "traefik",
  }));
}

function namedByRouters(routing: ConfigMap): EntryPoint[] {
  const names = ["http", "tcp"].flatMap((kind) =>
    namedIn(routing, kind, "routers").flatMap(({ value }) => textsAt(value, "entryPoints")),
  );
  const found = names.length === 0 ? ["web"] : [...new Set(names)];
  return found.map((name) => ({ name, entry: null, port: null, isTls: false, isDefault: true }));
}

/** "8080" of ":8080/tcp"; null for none. */
function portOf(address: string): number | null {
  const digits = /:(\d+)(?:\/\w+)?$/.exec(address)?.[1];
  return digits === undefined ? null : Number(digits);
}

export interface Router {
  readonly kind: "http" | "tcp";
  readonly name: string;
  readonly entry: ConfigEntry;
  readonly rule: string;
  readonly syntax: RuleSyntax;
  readonly priority: number;
  /** As they are written; none for all. */
  readonly entryPoints: readonly string[];
}

export function routersOf({ install, routing }: Parts, kind: Router["kind"] = "http"): Router[] {
  const usual = textAt(install, "core", "defaultRuleSyntax");
  return namedIn(routing, kind, "routers").map((entry) => {
    const rule = textAt(entry.value, "rule") ?? "";
    const own = Number(textAt(entry.value, "priority") ?? 0);
    return {
      ...{ kind, name: entry.key, entry, rule },
      syntax: (textAt(entry.value, "ruleSyntax") ?? usual)?.toLowerCase() === "v2" ? "v2" : "v3",
      // The longer rule goes first.
      priority: own === 0 || Number.isNaN(own) ? rule.length : own,
      entryPoints: textsAt(entry.value, "entryPoints"),
    };
  });
}

/** Whether a router is asked at an entry point. */
export function isAt({ entryPoints }: Router, { name, isDefault }: EntryPoint): boolean {
  return entryPoints.length === 0 ? isDefault : entryPoints.includes(name);
}

/** Whether a router takes clients with TLS there; it takes either those or the others. */
export function speaksTls({ entry }: Router, { isTls }: EntryPoint): boolean {
  return nodeAt(entry.value, "tls") !== null || isTls;
}

/** A name without the provider that it is of: `app@file`. */
export function bareName(name: string): string {
  return name.replace(/@file$/, "");
}

export function serviceNamed(
  { routing }: Parts,
  name: string,
  kind: Router["kind"] = "http",
): ConfigEntry | null {
  return namedIn(routing, kind, "services").find(({ key }) => key === bareName(name)) ?? null;
}

export function middlewareNamed({ routing }: Parts, name: string): ConfigEntry | null {
  return namedIn(routing, "http", "middlewares").find(({ key }) => key === bareName(name)) ?? null;
}

/** What a middleware or a service is, by its one field: "stripPrefix", "loadBalancer". */
export function typeOf(entry: ConfigEntry): { readonly type: string; readonly settings: ConfigEntry } | null {
  const [only] = namedIn(entry.value);
  return only === undefined ? null : { type: only.key.toLowerCase(), settings: only };
}

/** The transport by which a service's servers are asked; null for the general one. */
export function transportOf(
  { install, routing }: Parts,
  balancer: ConfigMap,
): ConfigEntry | ConfigMap | null {
  const name = textAt(balancer, "serversTransport");
  if (name === null) return mapAt(install, "serversTransport");
  return namedIn(routing, "http", "serversTransports").find(({ key }) => key === bareName(name)) ?? null;
}
