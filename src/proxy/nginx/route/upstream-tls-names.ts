/**
 * The names that nginx may look for in an upstream's certificate, told from the config.
 */
import { type Directive, walk } from "../language/nginx-tree.js";
import { sampleServerName } from "./server-names.js";
import { literalValues } from "./variable-values.js";

/** Hold what the client asked for: the server's own name, or whatever the probe sends as Host. */
const requestNames = new Set(["$host", "$http_host", "$server_name", "$ssl_server_name"]);
const tlsPass = /^https:\/\/([^/?#]+)/i;

/** Whether a request of the config goes to its upstream over TLS, as far as can be told. */
export function speaksTlsUpstream(tree: readonly Directive[]): boolean {
  return [...walk(tree)].some(
    ({ node }) => node.name === "proxy_pass" && schemesOf(tree, node.args[0] ?? "").includes("https"),
  );
}

function schemesOf(tree: readonly Directive[], url: string): string[] {
  const variable = /^\$\{?(\w+)\}?/.exec(url)?.[1];
  const urls = variable === undefined ? [url] : (literalValues(tree, `$${variable}`) ?? []);
  return urls.map((one) => one.slice(0, one.indexOf(":")).toLowerCase());
}

/** Every name that a certificate needs to stand in for the upstreams of the config. */
export function upstreamTlsNames(tree: readonly Directive[]): string[] {
  const nodes = [...walk(tree)].map(({ node }) => node);
  const servers = nodes.filter(({ name, block }) => name === "server" && block !== null);
  const texts = nodes.flatMap(({ name, args }) => {
    if (name === "proxy_pass") return hostsOf(tree, args[0] ?? "");
    return name === "proxy_ssl_name" ? valuesOf(tree, args[0] ?? "") : [];
  });
  const asked = servers.map(sampleServerName).filter((name) => name !== null);
  return [...new Set([...texts.map(withoutPort), ...asked])].filter((name) => /^[\w.-]+$/.test(name));
}

/** Whether the name to verify is one that `upstreamTlsNames` knows. */
export function isTellableName(tree: readonly Directive[], name: string): boolean {
  return (
    !name.includes("$") ||
    name === "$proxy_host" ||
    requestNames.has(name) ||
    literalValues(tree, name) !== null
  );
}

function hostsOf(tree: readonly Directive[], url: string): readonly string[] {
  const variable = /^\$\{?(\w+)\}?$/.exec(url)?.[1];
  const urls = variable === undefined ? [url] : (literalValues(tree, `$${variable}`) ?? []);
  return urls.flatMap((one) => valuesOf(tree, tlsPass.exec(one)?.[1] ?? ""));
}

function valuesOf(tree: readonly Directive[], text: string): readonly string[] {
  if (!text.includes("$")) return [text];
  const [, name, port = ""] = /^\$\{?(\w+)\}?(:\d+)?$/.exec(text) ?? [];
  return name === undefined ? [] : (literalValues(tree, `$${name}`) ?? []).map((value) => `${value}${port}`);
}

export function withoutPort(name: string): string {
  return name.replace(/:\d+$/, "");
}
