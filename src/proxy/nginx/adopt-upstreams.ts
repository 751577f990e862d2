/**
 * Points everything that a config passes requests to at wsrally's backend.
 */
import { isIP } from "node:net";
import { type Adoption, notSupported } from "./adoption.js";
import { marks } from "./config-marks.js";
import { type Directive, rewrite, walk } from "./nginx-tree.js";

/** Passes that no WebSocket goes through; their addresses are moved so that nothing outside is looked up. */
const otherPasses = new Set(["fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "grpc_pass"]);

/**
 * Scheme, address, URI part. The address of a Unix socket ends in a colon where a URI follows; a variable that holds
 * a URI begins the URI part without a slash before it.
 */
const proxyPassUrl =
  /^(https?):\/\/(unix:[^:]+:?|(?:(?!\$(?:request_uri|document_uri|uri)\b)[^/?#])*)(.*)$/is;

/** @throws UsageError for an address that only a request decides */
export function adoptUpstreams(tree: readonly Directive[], adoption: Adoption): Directive[] {
  const groups = new Set(
    [...walk(tree)].filter(({ node }) => node.name === "upstream").map(({ node }) => node.args[0] ?? ""),
  );
  return rewrite(tree, (node, path) => {
    if (node.name === "server" && path.at(-1)?.name === "upstream") return [adoptMember(node, adoption)];
    if (node.name === "proxy_pass") return [adoptProxyPass(node, groups, adoption)];
    if (otherPasses.has(node.name)) return [adoptOtherPass(node, groups, adoption)];
    if (node.name.startsWith("proxy_ssl_")) {
      adoption.note(
        "Directives for TLS to the upstream were left out: wsrally's backend speaks plain TCP",
        node.origin,
      );
      return [];
    }
    if (node.name === "proxy_bind" && isIP(node.args[0] ?? "") !== 0 && !node.args[0]?.startsWith("127.")) {
      adoption.note(`proxy_bind ${node.args[0]} was left out: the backend is on loopback`, node.origin);
      return [];
    }
    return [node];
  });
}

function adoptMember(member: Directive, adoption: Adoption): Directive {
  const [address = "", ...parameters] = member.args;
  noteMove(`Upstream server ${address}`, address, member, adoption);
  const kept = parameters.filter((word) => word !== "resolve" && !word.startsWith("service="));
  return { ...member, args: [marks.backend, ...kept] };
}

function adoptProxyPass(pass: Directive, groups: ReadonlySet<string>, adoption: Adoption): Directive {
  const [url = ""] = pass.args;
  const match = url.match(proxyPassUrl);
  const [, scheme = "", authority = "", uri = ""] = match ?? [];
  if (match === null ? url.includes("$") : authority.includes("$")) {
    throw notSupported(`a variable in the address of proxy_pass (${url})`, pass.origin);
  }
  // Not a URL at all: nginx says so better.
  if (match === null) return pass;
  if (scheme.toLowerCase() === "https") {
    adoption.note(
      "proxy_pass speaks http in place of https: wsrally's backend speaks plain TCP",
      pass.origin,
    );
  }
  if (groups.has(authority)) return { ...pass, args: [`http://${authority}${uri}`] };
  noteMove(`proxy_pass ${url}`, authority, pass, adoption);
  return { ...pass, args: [`http://${marks.backend}${uri}`] };
}

function adoptOtherPass(pass: Directive, groups: ReadonlySet<string>, adoption: Adoption): Directive {
  const [address = ""] = pass.args;
  const bare = address.replace(/^\w+:\/\//, "");
  if (bare.includes("$") || groups.has(bare)) return pass;
  adoption.note(
    `${pass.name} ${address} has wsrally's backend for an address; no WebSocket goes that way`,
    pass.origin,
  );
  return { ...pass, args: [marks.backend] };
}

function noteMove(what: string, address: string, node: Directive, adoption: Adoption): void {
  const transport = address.startsWith("unix:") ? ", over TCP in place of a Unix socket" : "";
  adoption.note(`${what} is wsrally's backend instead${transport}`, node.origin);
}
