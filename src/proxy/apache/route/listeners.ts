/**
 * Where Apache listens, and which virtual host answers a name there.
 */
import { type ConfigTree, type Node, virtualHosts } from "../language/config-tree.js";

export interface Listener {
  /** Null where the file has no Listen: the ports of its virtual hosts are listened to elsewhere. */
  readonly node: Node | null;
  /** Null for every address. */
  readonly host: string | null;
  readonly port: number;
}

/** "80", "*:80", "10.0.0.1:443", "[::]:80"; null for what has no port. */
function parseListen(word: string): { readonly host: string | null; readonly port: number } | null {
  const [, host = "", port = ""] = /^(?:(.*):)?(\d+)$/.exec(word) ?? [];
  if (port === "") return null;
  const bare = host.replace(/^\[|\]$/g, "");
  return { host: /^(?:|\*|0\.0\.0\.0|::)$/.test(bare) ? null : bare, port: Number(port) };
}

/** An argument of VirtualHost. */
interface HostAddress {
  /** Null for any. */
  readonly host: string | null;
  readonly port: number | null;
}

export function parseHostAddress(word: string): HostAddress {
  const [, host = word, port] = /^(.*?)(?::(\d+|\*))?$/.exec(word) ?? [];
  const bare = host.replace(/^\[|\]$/g, "");
  const isAny = /^(?:\*|_default_|0\.0\.0\.0|::|)$/i.test(bare);
  return { host: isAny ? null : bare, port: port === undefined || port === "*" ? null : Number(port) };
}

export function listenersOf(tree: ConfigTree): readonly Listener[] {
  const listens = tree.filter(({ key }) => key === "listen");
  const written = listens.flatMap((node) => {
    const address = parseListen(node.args[0] ?? "");
    return address === null ? [] : [{ node, ...address }];
  });
  if (written.length > 0) return written;
  const ports = virtualHosts(tree).flatMap(({ args }) =>
    args.flatMap((word) => parseHostAddress(word).port ?? []),
  );
  return [...new Set(ports.length === 0 ? [80] : ports)].map((port) => ({ node: null, host: null, port }));
}

/** Those that answer at a listener, in their order: the first is the one for names that nobody has. */
export function hostsAt(tree: ConfigTree, { host, port }: Listener): readonly Node[] {
  return virtualHosts(tree).filter(({ args }) =>
    args.some((word) => {
      const address = parseHostAddress(word);
      const isPort = address.port === null || address.port === port;
      return isPort && (address.host === null || host === null || address.host === host);
    }),
  );
}

/** Without scheme and port; null for one without a name. */
export function nameOf(host: Node): string | null {
  const name = host.block?.findLast(({ key }) => key === "servername")?.args[0];
  return name === undefined ? null : name.replace(/^\w+:\/\//, "").replace(/:\d+$/, "");
}

export function namesOf(host: Node): readonly string[] {
  const aliases = (host.block ?? []).filter(({ key }) => key === "serveralias").flatMap(({ args }) => args);
  return [nameOf(host) ?? [], aliases].flat();
}

/** The virtual host for a name; null where only the main server answers at the listener. */
export function selectHost(tree: ConfigTree, listener: Listener, name: string | null): Node | null {
  const hosts = hostsAt(tree, listener);
  const found =
    name === null ? undefined : hosts.find((host) => namesOf(host).some((one) => isName(one, name)));
  return found ?? hosts[0] ?? null;
}

/** `*` and `?` in a ServerAlias. */
export function isName(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name.toLowerCase();
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, "[^]*")
    .replaceAll("?", "[^]");
  return source.split("[^]*").length < 5 && new RegExp(`^${source}$`, "i").test(name);
}
