/**
 * Where a config passes requests to itself: a server in front that speaks TLS or chooses by name, and another of the
 * same nginx behind it. Such a pass costs the proxy a second connection pair and the message's way twice, so that it is
 * kept and not taken for an upstream.
 */

import { normalAddress } from "../language/listen-address.js";
import { type Directive, type Origin, type Path, walk } from "../language/nginx-tree.js";
import { splitPassUrl } from "../language/pass-url.js";
import { marks } from "../run/config-marks.js";

export interface OwnHop {
  /** A `proxy_pass`, or a `server` of an upstream. */
  readonly from: Directive;
  /** Who listens there; nginx chooses among several by the Host header. */
  readonly servers: readonly Directive[];
  /** Where, as `normalAddress` writes it. */
  readonly address: string;
}

interface OwnListen {
  readonly address: string;
  readonly tls: boolean;
  readonly server: Directive;
}

/** A chain of servers that is longer than this goes in a circle. */
const depthMost = 8;

/**
 * Every pass by a loopback address or a Unix socket that a server of the config listens at, in the same scheme. A
 * server's pass to an address that it listens at itself is none: which server answers is known at a request only. Nor
 * is one whose certificate nginx is to verify, for wsrally gives the servers others.
 */
export function findOwnHops(tree: readonly Directive[]): readonly OwnHop[] {
  const listens = listensOf(tree);
  if (listens.length === 0) return [];
  const verifies = [...walk(tree)].some(
    ({ node }) => node.name === "proxy_ssl_verify" && node.args[0] === "on",
  );
  const schemes = groupSchemes(tree);
  return [...walk(tree)].flatMap(({ node, path }) => {
    const asked = askedBy(node, path, schemes);
    if (asked === null || (asked.tls && verifies)) return [];
    const address = ownAddresses(asked.address, asked.tls ? 443 : 80).find((one) =>
      listens.some((listen) => listen.address === one && listen.tls === asked.tls),
    );
    const servers = listens.filter((listen) => listen.address === address).map(({ server }) => server);
    const isOwn = servers.some((server) => path.includes(server));
    return address === undefined || isOwn ? [] : [{ from: node, servers, address }];
  });
}

/** What a request that is passed on from these blocks goes through next, and after that: servers, without repeats. */
export function serversBehind(
  tree: readonly Directive[],
  around: Path,
  hops: readonly OwnHop[] = findOwnHops(tree),
): readonly Directive[] {
  const reached: Directive[] = [];
  const inner = around.at(-1);
  let blocks: readonly Directive[] = inner === undefined ? [] : [inner];
  while (blocks.length > 0) {
    const next = hops
      .filter(({ from }) => passesThrough(tree, blocks, from))
      .flatMap(({ servers }) => servers)
      .filter((server) => !reached.includes(server));
    reached.push(...new Set(next));
    blocks = next;
  }
  return reached;
}

export interface HopDepths {
  readonly least: number;
  readonly most: number;
}

/**
 * How many servers of its own a request goes through beyond the first, from these blocks on: 0 where they never pass to
 * one. Where there are several ways (several passes, members of an upstream, servers of one address), the shortest and
 * the longest.
 */
export function hopDepths(tree: readonly Directive[], from: readonly Directive[]): HopDepths {
  const hops = findOwnHops(tree);
  const membersOf = (address: string): readonly Directive[] | null =>
    upstreamsOf(tree)
      .find(({ args }) => args[0] === address)
      ?.block?.filter(({ name }) => name === "server") ?? null;
  const depthsOf = (blocks: readonly Directive[], left: number): HopDepths => {
    const passes = [...walk(blocks)].map(({ node }) => node).filter(({ name }) => name === "proxy_pass");
    const ways = passes.flatMap(
      (pass) => membersOf(splitPassUrl(pass.args[0] ?? "")?.address ?? "") ?? [pass],
    );
    const depths = ways.flatMap((way): HopDepths[] => {
      const hop = hops.find((one) => one.from === way);
      if (hop === undefined || left === 0) return [{ least: 0, most: 0 }];
      return hop.servers.map((server) => {
        const { least, most } = depthsOf([server], left - 1);
        return { least: least + 1, most: most + 1 };
      });
    });
    if (depths.length === 0) return { least: 0, most: 0 };
    return {
      least: Math.min(...depths.map(({ least }) => least)),
      most: Math.max(...depths.map(({ most }) => most)),
    };
  };
  return hops.length === 0 ? { least: 0, most: 0 } : depthsOf(from, depthMost);
}

function upstreamsOf(tree: readonly Directive[]): Directive[] {
  return tree.flatMap((node) => [node, ...(node.block ?? [])]).filter(({ name }) => name === "upstream");
}

function passesThrough(tree: readonly Directive[], blocks: readonly Directive[], from: Directive): boolean {
  const passes = [...walk(blocks)].filter(({ node }) => node.name === "proxy_pass").map(({ node }) => node);
  if (from.name === "proxy_pass") return passes.includes(from);
  const group = upstreamsOf(tree).find(({ block }) => block?.includes(from));
  return passes.some(({ args }) => splitPassUrl(args[0] ?? "")?.address === group?.args[0]);
}

function listensOf(tree: readonly Directive[]): OwnListen[] {
  return [...walk(tree)].flatMap(({ node, path }) => {
    const server = path.at(-1);
    const [address] = node.args;
    if (node.name !== "listen" || server?.name !== "server" || path[0]?.name !== "http") return [];
    if (address === undefined || node.args.includes("quic")) return [];
    return [{ address: normalAddress(address), tls: node.args.includes("ssl"), server }];
  });
}

interface Asked {
  readonly address: string;
  readonly tls: boolean;
}

function askedBy(
  node: Directive,
  path: Path,
  groupSchemesByName: ReadonlyMap<string, ReadonlySet<string>>,
): Asked | null {
  const [word = ""] = node.args;
  if (node.name === "server" && path.at(-1)?.name === "upstream") {
    // wsrally asks an upstream of the config over TLS only where its own backend does.
    const schemes = groupSchemesByName.get(path.at(-1)?.args[0] ?? "");
    return schemes?.has("https") ? null : { address: word, tls: false };
  }
  if (node.name !== "proxy_pass") return null;
  const parts = splitPassUrl(word);
  if (parts === null || /\$/.test(parts.scheme + parts.address) || groupSchemesByName.has(parts.address))
    return null;
  return { address: parts.address, tls: parts.scheme.toLowerCase() === "https" };
}

/** By the upstreams' names; an upstream that nobody passes to has none. */
function groupSchemes(tree: readonly Directive[]): ReadonlyMap<string, ReadonlySet<string>> {
  const schemes = new Map<string, Set<string>>();
  const nodes = [...walk(tree)].map(({ node }) => node);
  for (const { name, args } of nodes) if (name === "upstream") schemes.set(args[0] ?? "", new Set());
  for (const { name, args } of nodes) {
    const parts = name === "proxy_pass" ? splitPassUrl(args[0] ?? "") : null;
    if (parts !== null) schemes.get(parts.address)?.add(parts.scheme.toLowerCase());
  }
  return schemes;
}

/** The listens that take connections to this address, if it is one of the machine itself. */
function ownAddresses(address: string, usualPort: number): string[] {
  if (address.startsWith("unix:")) return [address.replace(/:$/, "")];
  if (marks.isListen(address)) return [normalAddress(address)];
  const [, host = "", port = String(usualPort)] =
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::(\d+))?$/i.exec(address) ?? [];
  if (host === "") return [];
  const four = [`${host === "localhost" ? "127.0.0.1" : host}:${port}`, `localhost:${port}`, `*:${port}`];
  const six = [`[::1]:${port}`, `[::]:${port}`];
  if (host.toLowerCase() === "localhost") return [...four, ...six];
  return host === "[::1]" ? six : four;
}

/** Where a hop is written, which tells it in a tree that was rebuilt. */
export function hopAt(hops: readonly OwnHop[], origin: Origin | null): OwnHop | null {
  return origin === null ? null : (hops.find(({ from }) => from.origin === origin) ?? null);
}
