/**
 * A config seen from one request: the virtual host and the line that pass it on, and what holds there.
 */
import { compareVersions } from "../../program/program-spec.js";
import { type ConfigTree, type Node, walk } from "../language/config-tree.js";
import { moduleName } from "../language/modules.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import type { Passed } from "../route/follow-request.js";
import type { Member } from "../route/proxy-passes.js";
import { effective } from "../route/sections.js";

export interface ConfigView {
  readonly tree: ConfigTree;
  /** Whether it loads no module: what the whole config says besides is not known. */
  readonly isPart: boolean;
  /** Of the Apache that runs it; null where none is known. */
  readonly version: string | null;
  readonly file: string;
  /** Null where nothing listens. */
  readonly route: WebSocketRoute | null;
}

interface Seen extends Omit<ConfigView, "tree" | "route"> {
  readonly path: string | null;
  /** A virtual host's name; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
}

export function viewConfig(tree: ConfigTree, { path, serverName, ...seen }: Seen): ConfigView {
  return { tree, ...seen, route: findWebSocket(tree, { path, serverName }, seen.file) };
}

/** Null where nobody passes the request on. */
export function passedOf({ route }: ConfigView): Passed | null {
  return route?.end.kind === "passed" ? route.end : null;
}

/** Servers that the request may come to. */
export function membersOf(view: ConfigView): readonly Member[] {
  return passedOf(view)?.members ?? [];
}

/** The line that holds for the request, of those that replace one another. */
export function effectiveLine({ route, tree }: ConfigView, key: string): Node | null {
  return route === null ? (tree.findLast((node) => node.key === key) ?? null) : effective(route.scopes, key);
}

/** Of the main server alone. */
export function mainLine({ tree }: Pick<ConfigView, "tree">, ...keys: readonly string[]): Node | null {
  return tree.findLast(({ key }) => keys.includes(key)) ?? null;
}

/** As Apache reads a number: digits up to what is none. */
export function numberOf(node: Node | null): number | null {
  const digits = /^\d+/.exec(node?.args[0] ?? "")?.[0];
  return digits === undefined ? null : Number(digits);
}

/** The modules that a whole config loads. */
export function loadedModules({ tree }: Pick<ConfigView, "tree">): ReadonlySet<string> {
  const loaded = tree.filter(({ key }) => key === "loadmodule");
  return new Set(loaded.map(({ args }) => moduleName(args[0] ?? "") ?? ""));
}

/** From this version on mod_proxy_http passes upgrades on by itself. */
const firstWithUpgrade = "2.4.47";

export function knowsUpgrade({ version }: Pick<ConfigView, "version">): boolean {
  return version === null || compareVersions(version, firstWithUpgrade) >= 0;
}

/** Lines of the config, wherever they stand, in its order. */
export function allLines({ tree }: Pick<ConfigView, "tree">): readonly Node[] {
  return [...walk(tree)].map(({ node }) => node);
}
