/**
 * Points everything that a config passes requests to at wsrally's backend, and remembers what it was.
 */
import { isIP } from "node:net";
import type { UpstreamAddress } from "../../proxy.js";
import { type Directive, directive, type Origin, placeOf, rewrite, walk } from "../language/nginx-tree.js";
import { passAddress, splitPassUrl } from "../language/pass-url.js";
import { hopAt, type OwnHop } from "../route/own-hops.js";
import { literalValues } from "../route/variable-values.js";
import { marks } from "../run/config-marks.js";
import { adoptPassUrl, isUpstreamAddress, tlsGroupsOf } from "./adopt-pass-url.js";
import type { Adoption } from "./adoption.js";

/** Passes that no WebSocket goes through; their addresses are moved so that nothing outside is looked up. */
const otherPasses = new Set(["fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "grpc_pass"]);

interface AdoptedUpstreams {
  readonly tree: readonly Directive[];
  readonly upstreams: readonly UpstreamAddress[];
}

export interface MeasuredWay {
  /** By where it was written. */
  readonly location: Origin | null;
  /** The config's own servers that requests go through behind it. */
  readonly behind: readonly Directive[];
  readonly hops: readonly OwnHop[];
  /** Of the addresses that the config listens at. */
  readonly marksByAddress: ReadonlyMap<string, string>;
}

/**
 * @param way that measured requests take; only its upstreams are remembered
 * @throws UsageError for a URL that only a request decides
 */
export function adoptUpstreams(
  tree: readonly Directive[],
  { location, behind, hops, marksByAddress }: MeasuredWay,
  adoption: Adoption,
): AdoptedUpstreams {
  const behindOrigins = new Set(behind.map(({ origin }) => origin));
  const groups = new Set(
    [...walk(tree)].filter(({ node }) => node.name === "upstream").map(({ node }) => node.args[0] ?? ""),
  );
  const tlsGroups = tlsGroupsOf(tree, groups);
  const members: { readonly group: string; readonly upstream: UpstreamAddress }[] = [];
  const passed: UpstreamAddress[] = [];
  const usedGroups = new Set<string>();
  const urls: string[] = [];
  const adopted = rewrite(tree, (node, path) => {
    const hop = hopAt(hops, node.origin);
    const ownMark = hop === null ? undefined : marksByAddress.get(hop.address);
    if (hop !== null && ownMark !== undefined) return [adoptHop(node, hop, ownMark, adoption)];
    if (node.name === "server" && path.at(-1)?.name === "upstream") {
      const group = path.at(-1)?.args[0] ?? "";
      members.push({ group, upstream: { address: node.args[0] ?? "", origin: placeOf(node.origin) } });
      const isTls = adoption.backendTls && tlsGroups.has(group);
      return [adoptMember(node, isTls ? marks.backendTls : marks.backend, adoption)];
    }
    if (node.name === "proxy_pass") {
      const at = path.findLast(({ name }) => name === "location")?.origin;
      const measured =
        (location !== null && at === location) || path.some(({ origin }) => behindOrigins.has(origin));
      const pass = adoptPassUrl(node, { groups, tlsGroups, tree, measured, adoption });
      if (measured) {
        passed.push(...pass.replaced.map((address) => ({ address, origin: placeOf(node.origin) })));
        for (const group of pass.groups) usedGroups.add(group);
      }
      urls.push(pass.url);
      const named = path.some(({ block }) => block?.some(({ name }) => name === "proxy_ssl_name"));
      const needsName = pass.url.startsWith("https:") && pass.tlsName !== undefined && !named;
      return [
        { ...node, args: [pass.url, ...node.args.slice(1)] },
        ...(needsName ? [directive("proxy_ssl_name", pass.tlsName ?? "")] : []),
      ];
    }
    if (otherPasses.has(node.name)) return [adoptOtherPass(node, groups, adoption)];
    return adoptSetting(node, tree, adoption);
  });
  const grouped = members.filter(({ group }) => usedGroups.has(group)).map(({ upstream }) => upstream);
  return {
    tree: withHttpBlocks(adopted, backendBlocks(urls, adoption)),
    upstreams: [...grouped, ...passed],
  };
}

/** The same server, where it listens here. */
function adoptHop(node: Directive, { servers }: OwnHop, mark: string, { note }: Adoption): Directive {
  const [word = "", ...rest] = node.args;
  const what = node.name === "proxy_pass" ? `proxy_pass ${word}` : `Upstream server ${word}`;
  const where = placeOf(servers[0]?.origin ?? null);
  note(`${what} stays: the config's own server at ${where} listens there`, node.origin);
  const parts = splitPassUrl(word);
  const address =
    node.name === "proxy_pass" && parts !== null ? `${parts.scheme}://${mark}${parts.uri}` : mark;
  return { ...node, args: [address, ...rest] };
}

function adoptMember(member: Directive, mark: string, adoption: Adoption): Directive {
  const [address = "", ...parameters] = member.args;
  if (!isUpstreamAddress(address)) return member;
  const transport = address.startsWith("unix:") ? ", over TCP in place of a Unix socket" : "";
  adoption.note(`Upstream server ${address} is wsrally's backend instead${transport}`, member.origin);
  const kept = parameters.filter((word) => word !== "resolve" && !word.startsWith("service="));
  return { ...member, args: [mark, ...kept] };
}

function adoptOtherPass(pass: Directive, groups: ReadonlySet<string>, adoption: Adoption): Directive {
  const [address = ""] = pass.args;
  if (groups.has(passAddress(pass)) || address === "") return pass;
  adoption.note(
    `${pass.name} ${address} has wsrally's backend for an address; no WebSocket goes that way`,
    pass.origin,
  );
  return { ...pass, args: [marks.backend] };
}

function adoptSetting(node: Directive, tree: readonly Directive[], adoption: Adoption): Directive[] {
  const { name, args, origin } = node;
  const [first = ""] = args;
  if (name === "proxy_bind" && !bindsToLoopback(args, tree)) {
    adoption.note(`proxy_bind ${first} was left out: the backend is on loopback`, origin);
    return [];
  }
  if (name === "resolver") {
    adoption.note("resolver is 127.0.0.1 and never asked: every address is known", origin);
    const servers = args.filter((word) => /^(valid|ipv4|ipv6|status_zone)=/.test(word));
    return args.length === 0 ? [node] : [{ ...node, args: ["127.0.0.1", ...servers] }];
  }
  if (/^ssl_stapling/.test(name) && first !== "off") {
    adoption.note(`${name} was left out: wsrally lets nginx ask nobody outside`, origin);
    return [];
  }
  return [node];
}

/** An address that nginx itself finds wrong stays for it to say so. */
function bindsToLoopback([address = "", ...rest]: readonly string[], tree: readonly Directive[]): boolean {
  if (address === "off" || address === "") return true;
  if (rest.includes("transparent")) return false;
  const values = address.startsWith("$") ? literalValues(tree, address) : [address];
  return values?.every((value) => value.startsWith("127.") || isIP(value) === 0) ?? false;
}

/** What the adopted URLs refer to. */
function backendBlocks(urls: readonly string[], { severalPorts }: Adoption): Directive[] {
  const isUsed = (name: string): boolean =>
    urls.some((url) => new RegExp(`^https?://${name.replace("$", "\\$")}(?!\\w)`).test(url));
  const usesVariable = isUsed(marks.backendVariable);
  // An address in a variable needs no resolver, and leaves the URI to the same rules as the user's own variable.
  const value = severalPorts ? marks.backendGroup : marks.backend;
  const map = { ...directive("map", "", marks.backendVariable), block: [directive("default", value)] };
  const group = {
    ...directive("upstream", marks.backendGroup),
    block: [directive("server", marks.backend)],
  };
  const tlsMap = {
    ...directive("map", "", marks.backendTlsVariable),
    block: [directive("default", marks.backendTls)],
  };
  const usesGroup = severalPorts && (usesVariable || isUsed(marks.backendGroup));
  const usesTls = isUsed(marks.backendTlsVariable);
  return [...(usesGroup ? [group] : []), ...(usesVariable ? [map] : []), ...(usesTls ? [tlsMap] : [])];
}

function withHttpBlocks(tree: readonly Directive[], added: readonly Directive[]): readonly Directive[] {
  if (added.length === 0) return tree;
  return tree.map((node) =>
    node.name === "http" ? { ...node, block: [...added, ...(node.block ?? [])] } : node,
  );
}
