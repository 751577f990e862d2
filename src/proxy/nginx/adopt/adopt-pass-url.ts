/**
 * The URL of a `proxy_pass`, with wsrally's backend for its address. Where a variable decides the address, a variable
 * takes its place: nginx treats the URI of such a URL by other rules.
 */
import { UsageError } from "../../../base/errors.js";
import { type Directive, placeOf, walk } from "../language/nginx-tree.js";
import { splitPassUrl } from "../language/pass-url.js";
import { isTellableName, withoutPort } from "../route/upstream-tls-names.js";
import { literalValues } from "../route/variable-values.js";
import { marks } from "../run/config-marks.js";
import type { Adoption } from "./adoption.js";

interface PassContext {
  /** Names of the config's upstreams. */
  readonly groups: ReadonlySet<string>;
  readonly tree: readonly Directive[];
  /** Those that are asked over TLS alone. */
  readonly tlsGroups: ReadonlySet<string>;
  /** Whether it is the one that is measured. */
  readonly measured: boolean;
  readonly adoption: Adoption;
}

type GroupContext = Pick<PassContext, "tree" | "groups"> & Partial<Pick<PassContext, "adoption">>;

interface AdoptedPass {
  readonly url: string;
  /** Upstreams of the config that it still goes to. */
  readonly groups: readonly string[];
  /** What nginx looks for in the upstream's certificate unless told otherwise: the address in the URL as written. */
  readonly tlsName?: string;
  /** Addresses that the backend stands in for; none where an upstream of the config stays. */
  readonly replaced: readonly string[];
}

/** @throws UsageError for a URL that only a request decides */
export function adoptPassUrl(pass: Directive, context: PassContext): AdoptedPass {
  const [url = ""] = pass.args;
  const parts = splitPassUrl(url);
  if (parts === null) {
    // No URL at all, and no variable that may hold one: nginx says so better.
    return url.includes("$") ? adoptVariableUrl(pass, url, context) : { url, groups: [], replaced: [] };
  }
  const { scheme, address, uri } = parts;
  const groups = address.includes("$") ? groupsOf(address, context) : groupOf(address, context.groups);
  const tls = isTls(scheme, groups ?? [], context, pass);
  const spoken = tls ? "https" : "http";
  if (groups !== null) return { url: `${spoken}://${address}${uri}`, groups, replaced: [] };
  if (!address.includes("$") && !isUpstreamAddress(address)) return { url, groups: [], replaced: [] };
  const transport = address.startsWith("unix:") ? ", over TCP in place of a Unix socket" : "";
  context.adoption.note(`proxy_pass ${url} is wsrally's backend instead${transport}`, pass.origin);
  if (!address.includes("$")) {
    const plain = context.adoption.severalPorts ? marks.backendGroup : marks.backend;
    return {
      url: `${spoken}://${tls ? marks.backendTls : plain}${uri}`,
      groups: [],
      replaced: [address],
      tlsName: withoutPort(address),
    };
  }
  return {
    url: `${spoken}://${tls ? marks.backendTlsVariable : marks.backendVariable}${uri}`,
    groups: [],
    replaced: addressesOf(address, context) ?? [address],
    tlsName: isTellableName(context.tree, withoutPort(address)) ? withoutPort(address) : "localhost",
  };
}

/** Whether the backend is asked over TLS. Members of a group that is asked both ways speak plain. */
function isTls(
  scheme: string,
  groups: readonly string[],
  { adoption, tlsGroups }: PassContext,
  { origin }: Directive,
): boolean {
  if (scheme.toLowerCase() !== "https") return false;
  if (adoption.backendTls && groups.every((name) => tlsGroups.has(name))) return true;
  adoption.note(
    "proxy_pass speaks http in place of https: wsrally's backend speaks plain TCP, so that what TLS costs or breaks " +
      "on that side is not seen",
    origin,
  );
  return false;
}

/** A host with a port or without, or a Unix socket; what is wrong with others is for nginx, or a gate, to say. */
export function isUpstreamAddress(address: string): boolean {
  if (/^unix:./.test(address)) return true;
  const parts = address.match(/^(?:\[[\da-f:.]+\]|[^\s:[\]/?#@]+)(?::(\d+))?$/i);
  const port = parts?.[1] ?? "80";
  return parts !== null && Number(port) >= 1 && Number(port) <= 65_535;
}

/** With a port beside it nginx refuses an upstream's name, which it must be left to do. */
function groupOf(address: string, groups: ReadonlySet<string>): readonly string[] | null {
  return groups.has(address) || groups.has(address.replace(/:\d*$/, "")) ? [address] : null;
}

/** The upstreams that a variable chooses from; null when it may hold something else. */
function groupsOf(address: string, context: GroupContext): readonly string[] | null {
  // A stranger's variable may be set by other means than those that are understood here.
  const names = context.adoption?.confinedTo ? null : addressesOf(address, context);
  return names?.every((name) => context.groups.has(name)) ? names : null;
}

/** What one variable alone, or with a port behind it, can stand for; null when only a request tells. */
function addressesOf(address: string, { tree }: Pick<PassContext, "tree">): readonly string[] | null {
  const [, name, port = ""] = address.match(/^\$\{?(\w+)\}?(:\d+)?$/) ?? [];
  return name === undefined
    ? null
    : (literalValues(tree, `$${name}`)?.map((value) => `${value}${port}`) ?? null);
}

/** The upstreams that every `https://` pass of the tree, and no `http://` one, goes to. */
export function tlsGroupsOf(tree: readonly Directive[], groups: ReadonlySet<string>): ReadonlySet<string> {
  const askedBy = { http: new Set<string>(), https: new Set<string>() };
  for (const { node } of walk(tree)) {
    if (node.name !== "proxy_pass") continue;
    const { scheme = "", address = "" } = splitPassUrl(node.args[0] ?? "") ?? {};
    const context = { tree, groups };
    const named = address.includes("$") ? groupsOf(address, context) : groupOf(address, groups);
    const asked = scheme.toLowerCase() === "https" ? askedBy.https : askedBy.http;
    for (const name of named ?? []) asked.add(name);
  }
  return new Set([...askedBy.https].filter((name) => !askedBy.http.has(name)));
}

/** Nothing that is measured goes there, so that any address will do. */
function aside({ origin }: Directive, url: string, { adoption }: PassContext): AdoptedPass {
  adoption.note(`proxy_pass ${url} is wsrally's backend instead, whatever the request says`, origin);
  return { url: `http://${marks.backendVariable}`, groups: [], replaced: [] };
}

/** `proxy_pass $target;`: the variable holds scheme and address, and perhaps a URI. */
function adoptVariableUrl(pass: Directive, url: string, context: PassContext): AdoptedPass {
  const [, name = "", rest = ""] = url.match(/^\$\{?(\w+)\}?(.*)$/s) ?? [];
  const values = literalValues(context.tree, `$${name}`);
  const parts = values?.map(splitPassUrl);
  const [first] = parts ?? [];
  const uris = new Set(parts?.map((part) => part?.uri));
  if (values == null || first == null || parts?.includes(null) || uris.size !== 1) {
    if (!context.measured) return aside(pass, url, context);
    throw new UsageError(
      `Cannot adopt ${placeOf(pass.origin)}: which address and path \`proxy_pass ${url}\` means is known at a request ` +
        "only; write the address into a copy, as http://HOST:PORT, or see what probe --upstream as-configured says",
    );
  }
  const addresses = (parts ?? []).map((part) => part?.address ?? "");
  context.adoption.note(`proxy_pass ${url} (${values.join(", ")}) is wsrally's backend instead`, pass.origin);
  // An upstream that it names is no address.
  const groups = addresses.filter((address) => context.groups.has(address));
  const replaced = addresses.filter((address) => !context.groups.has(address));
  const tls = isTls(
    parts?.every((part) => part?.scheme.toLowerCase() === "https") ? "https" : "http",
    groups,
    context,
    pass,
  );
  const target = tls ? `https://${marks.backendTlsVariable}` : `http://${marks.backendVariable}`;
  const tlsName = withoutPort(addresses[0] ?? "");
  return { url: `${target}${first.uri}${rest}`, groups, replaced, tlsName };
}
