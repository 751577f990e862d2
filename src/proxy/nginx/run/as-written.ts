/**
 * A config as its user wrote it, for nginx to read and not to run: whatever adoption takes out or replaces stands in
 * it, and only what nginx would look up, open or become while it reads has a stand-in. Words that nginx finds wrong
 * stay, so that it says so itself.
 */
import { isUpstreamAddress } from "../adopt/adopt-pass-url.js";
import { adoptPaths } from "../adopt/adopt-paths.js";
import { takesClients } from "../adopt/adopt-trusted-names.js";
import type { Adoption } from "../adopt/adoption.js";
import { confineConfig } from "../confine/confine-config.js";
import { isAddressOrRange } from "../language/address-range.js";
import { isListenAddress, normalAddress } from "../language/listen-address.js";
import { type Directive, directive, type Path, rewrite, walk } from "../language/nginx-tree.js";
import { passAddress, splitPassUrl } from "../language/pass-url.js";
import { marks } from "./config-marks.js";

export interface ReadableConfig {
  readonly tree: readonly Directive[];
  /** Marks 0 to this, exclusive, are in the tree. */
  readonly listenCount: number;
}

/** After the last line: nginx knows no such directive, and so opens no log and no socket of what it has read. */
export const endOfReading = directive("wsrally_end_of_reading");

interface Surroundings {
  readonly groups: ReadonlySet<string>;
  readonly isConfined: boolean;
  readonly listenMark: (address: string) => string;
}

/** @param tree without code, with certificates that can be read */
export function asWritten(tree: readonly Directive[], adoption: Adoption): ReadableConfig {
  const isConfined = adoption.confinedTo !== null;
  const numbers = new Map<string, number>();
  const around: Surroundings = {
    groups: new Set(
      [...walk(tree)].flatMap(({ node }) => (node.name === "upstream" ? (node.args[0] ?? []) : [])),
    ),
    isConfined,
    listenMark: (address) => {
      const known = numbers.get(normalAddress(address)) ?? numbers.size;
      numbers.set(normalAddress(address), known);
      return marks.listen(known);
    },
  };
  const readable = rewrite(tree, (node, path) =>
    node.origin === null || node.args.length === 0 ? [node] : toReadable(node, path, around),
  );
  return {
    tree: isConfined
      ? withResolvedMembers(confineConfig(adoptPaths(readable, adoption), adoption))
      : readable,
    listenCount: numbers.size,
  };
}

/** Of no host (RFC 6761, 6.4), for a member that nginx looks up only once it runs. */
const nobody = "wsrally.invalid";

/** nginx asks for what `resolve` needs (a zone, a resolver) of a name alone, and a stranger's names have given way to an address. */
function withResolvedMembers(tree: readonly Directive[]): Directive[] {
  return rewrite(tree, (node, path) => {
    const [, ...parameters] = node.args;
    const isResolved =
      node.name === "server" && path.at(-1)?.name === "upstream" && parameters.includes("resolve");
    return [isResolved ? { ...node, args: [nobody, ...parameters] } : node];
  });
}

const otherPasses = new Set(["fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "grpc_pass"]);
/** Opened while nginx reads, and mostly another machine's. */
const filesOfTls =
  /^((proxy|grpc|uwsgi)_ssl_(trusted_certificate|certificate|certificate_key|crl|password_file)|ssl_(dhparam|crl|password_file|session_ticket_key|stapling_file))$/;
/** Only with one of those files, or with an authority that is asked. */
const needsFile = /^((proxy|grpc|uwsgi)_ssl_verify|ssl_stapling|ssl_ocsp)$/;
const networkAddress = /^(unix:|[\d./]+|[\da-f:./]*:[\da-f:./]*)$/i;
const asksOutside = /^(ssl_stapling|ssl_ocsp)_responder$/;

function toReadable(node: Directive, path: Path, around: Surroundings): Directive[] {
  const { name, args } = node;
  const [first = ""] = args;
  if (name === "listen") return listen(node, around);
  if (name === "server" && path.at(-1)?.name === "upstream") return member(node, around);
  if (name === "proxy_pass") return pass(node, splitPassUrl(first)?.address ?? null, around);
  if (otherPasses.has(name)) return pass(node, passAddress(node), around);
  if (name === "resolver") return [nameServers(node, around)];
  if (takesClients.has(name))
    return [isClients(first, around) ? node : { ...node, args: ["127.0.0.1", ...args.slice(1)] }];
  if (/^(access|error)_log$/.test(name)) return [{ ...node, args: args.map(withoutHost) }];
  // Looked up among the users of this machine.
  if (name === "user") return [{ ...node, args: args.map(() => "root") }];
  if (filesOfTls.test(name) || asksOutside.test(name)) return [];
  if (needsFile.test(name)) return [{ ...node, args: args.map((word) => (word === "on" ? "off" : word)) }];
  return [node];
}

/** A range that is none stays, for nginx to refuse; but it looks it up first, which a stranger's config must not have it do. */
function isClients(word: string, { isConfined }: Surroundings): boolean {
  return isAddressOrRange(word) || (!isConfined && networkAddress.test(word));
}

/** A listen for QUIC is of a module that no WebSocket meets. */
function listen(node: Directive, { listenMark }: Surroundings): Directive[] {
  const [address = "", ...parameters] = node.args;
  if (parameters.includes("quic")) return [];
  return [isListenAddress(address) ? { ...node, args: [listenMark(address), ...parameters] } : node];
}

function member(node: Directive, { isConfined }: Surroundings): Directive[] {
  const [address = "", ...parameters] = node.args;
  // With `resolve` a name is looked up once nginx runs, for which it wants a resolver; without it, now.
  if (!isConfined && parameters.includes("resolve")) return [node];
  return [isUpstreamAddress(address) ? { ...node, args: [marks.backend, ...parameters] } : node];
}

/** A variable's address is looked up at a request, and none ever comes. */
function pass(node: Directive, address: string | null, { groups, isConfined }: Surroundings): Directive[] {
  const [url = "", ...rest] = node.args;
  const isOpen = url.includes("$") && node.name !== "memcached_pass";
  if (isOpen) return isConfined ? [] : [node];
  if (address === null || !isUpstreamAddress(address) || groups.has(address.replace(/:\d*$/, "")))
    return [node];
  return [{ ...node, args: [url.replace(address, marks.backend), ...rest] }];
}

/** A parameter that this nginx does not know it takes for a name, and looks it up. */
function nameServers(node: Directive, { isConfined }: Surroundings): Directive {
  const args = node.args.flatMap((word) => {
    if (/^(valid=\w+|ipv6=(on|off))$/.test(word)) return [word];
    if (word.includes("=")) return isConfined ? [] : [word];
    return [isUpstreamAddress(word) ? "127.0.0.1" : word];
  });
  return { ...node, args };
}

/** `syslog:server=logs.internal,tag=a`: nginx looks the name up. */
function withoutHost(word: string): string {
  return word.startsWith("syslog:") ? word.replace(/server=(?!unix:)[^,]*/, "server=127.0.0.1") : word;
}
