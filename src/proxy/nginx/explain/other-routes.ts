/**
 * What else of a config proxies, beside the location that is looked at: whether it passes the upgrade on, and whether it
 * stands in the way of the one that does.
 */

import { normalAddress, speaksTls } from "../language/listen-address.js";
import { type Directive, type Path, placeOf, walk } from "../language/nginx-tree.js";
import { followRequest } from "../route/follow-request.js";
import { serversBehind } from "../route/own-hops.js";
import { sampleServerName, serverNames } from "../route/server-names.js";
import type { ConfigView } from "./config-view.js";

export interface OtherRoute {
  readonly server: Directive;
  /** Null where the server itself passes on. */
  readonly location: Directive | null;
  readonly upgrades: boolean;
  /** "`location /b` at site.conf:9 of b.example.com" */
  readonly words: string;
}

/** Every other location of the config with a proxy_pass, in the order written. */
export function otherRoutes(view: ConfigView): OtherRoute[] {
  const behind = new Set(serversBehind(view.tree, view.scopes.slice(0, 1)));
  const seen = new Set<Directive>(view.locations);
  return [...walk(view.tree)].flatMap(({ node, path }) => {
    const server = path.find(({ name }) => name === "server");
    const location = path.findLast(({ name }) => name === "location") ?? null;
    if (node.name !== "proxy_pass" || server === undefined || path[0]?.name !== "http") return [];
    if (behind.has(server) || location === null || seen.has(location)) return [];
    seen.add(location);
    const name = sampleServerName(server);
    const of = server === view.server || name === null ? "" : ` of ${name}`;
    const words = `\`location ${location.args.join(" ")}\` at ${placeOf(location.origin)}${of}`;
    return [{ server, location, upgrades: passesUpgrade(path), words }];
  });
}

/** By the headers that hold in the innermost of these blocks. */
function passesUpgrade(around: Path): boolean {
  const level = around.findLast(({ block }) => block?.some(({ name }) => name === "proxy_set_header"));
  const sets = (header: string): boolean =>
    (level?.block ?? []).some(
      ({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === header && args[1] !== "",
    );
  return sets("upgrade") && sets("connection");
}

/**
 * The server that nginx takes in place of the one that is looked at, for both have the same name at the same address:
 * it ignores the later one's. Null where there is none.
 */
export function serverInPlace(view: ConfigView): Directive | null {
  const { server, tree } = view;
  if (server === null) return null;
  const own = claimsOf(server);
  const servers = serversOf(tree);
  // A default server takes whatever has no server of its own.
  if (isDefault(server)) return null;
  const earlier = servers.slice(0, servers.indexOf(server));
  return earlier.find((one) => own.every((claim) => claimsOf(one).includes(claim))) ?? null;
}

/** A server of the same name, over TLS where the one looked at is plain, that does not pass the upgrade on as that does. */
export function tlsServerWithout({ server, tree }: ConfigView, path: string): Directive | null {
  if (server === null || speaksTls(server) || !servesUpgrade(tree, server, path)) return null;
  const names = serverNames(server);
  return (
    serversOf(tree).find((one) => {
      const isTwin =
        one !== server && speaksTls(one) && serverNames(one).some((name) => names.includes(name));
      return isTwin && !servesUpgrade(tree, one, path);
    }) ?? null
  );
}

function servesUpgrade(tree: readonly Directive[], server: Directive, path: string): boolean {
  const host = sampleServerName(server);
  const found = followRequest(tree, server, { path, host, connection: "Upgrade", tls: speaksTls(server) });
  const http = tree.filter(({ name }) => name === "http");
  const around = [...http, server, ...found.locations];
  const inner = [...(found.condition?.block ?? []), ...(found.locations.at(-1)?.block ?? [])];
  return inner.some(({ name }) => name === "proxy_pass") && passesUpgrade(around);
}

function serversOf(tree: readonly Directive[]): Directive[] {
  return tree
    .filter(({ name }) => name === "http")
    .flatMap(({ block }) => block ?? [])
    .filter(({ name, block }) => name === "server" && block !== null);
}

/** A name at an address, each pair; a server without a name has the empty one, and one without a listen port 80. */
function claimsOf(server: Directive): string[] {
  const listens = (server.block ?? []).filter(
    ({ name, args }) => name === "listen" && !args.includes("quic"),
  );
  const addresses = listens.length === 0 ? ["*:80"] : listens.map(({ args }) => normalAddress(args[0] ?? ""));
  const names = serverNames(server);
  return addresses.flatMap((address) =>
    (names.length === 0 ? [""] : names).map((name) => `${name.toLowerCase()} ${address}`),
  );
}

function isDefault(server: Directive): boolean {
  return (server.block ?? []).some(
    ({ name, args }) => name === "listen" && (args.includes("default_server") || args.includes("default")),
  );
}
