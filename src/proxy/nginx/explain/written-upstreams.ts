/**
 * The addresses that a path's `proxy_pass` goes to, as the config has them. Where that is a server of the config itself,
 * those behind it.
 */
import { type Directive, walk } from "../language/nginx-tree.js";
import { findOwnHops, hopAt, serversBehind } from "../route/own-hops.js";
import { literalValues } from "../route/variable-values.js";
import type { ConfigView } from "./config-view.js";

interface WrittenUpstream {
  /** `HOST:PORT`, or `unix:PATH`. */
  readonly address: string;
  readonly node: Directive;
}

export function writtenUpstreams(view: ConfigView): WrittenUpstream[] {
  const hops = findOwnHops(view.tree);
  const behind = serversBehind(view.tree, view.scopes.slice(0, 1), hops);
  const passes = [...walk(behind)].map(({ node }) => node).filter(({ name }) => name === "proxy_pass");
  return addressesOf(view, [...view.effective("proxy_pass"), ...passes]).filter(
    ({ node }) => hopAt(hops, node.origin) === null,
  );
}

function addressesOf(view: ConfigView, passes: readonly Directive[]): WrittenUpstream[] {
  return passes.flatMap((pass) =>
    urlsOf(view, pass.args[0] ?? "").flatMap((url) => {
      const match = /^(https?):\/\/(unix:[^:]+|[^/?#]+)/i.exec(url);
      const [, scheme = "http", authority = ""] = match ?? [];
      if (authority === "" || authority.includes("$")) return [];
      const group = [...walk(view.tree)].find(
        ({ node }) => node.name === "upstream" && node.args[0] === authority,
      )?.node;
      if (group === undefined)
        return [{ address: withPort(authority, scheme.toLowerCase() === "https" ? 443 : 80), node: pass }];
      return (group.block ?? [])
        .filter(({ name, args }) => name === "server" && !args.includes("down"))
        .map((node) => ({ address: withPort(node.args[0] ?? "", 80), node }));
    }),
  );
}

/** A URL with its variables filled in, as far as the config says what they hold. */
function urlsOf({ tree }: ConfigView, url: string): string[] {
  const name = /\$\{?(\w+)\}?/.exec(url)?.[1];
  if (name === undefined) return [url];
  const values = literalValues(tree, `$${name}`);
  return values === null ? [url] : values.map((value) => url.replace(/\$\{?\w+\}?/, value));
}

/** Whether the path's requests go over TLS as the config is written. */
export function asksOverTls(view: ConfigView): boolean {
  return view
    .effective("proxy_pass")
    .some(({ args }) => urlsOf(view, args[0] ?? "").some((url) => /^https:/i.test(url)));
}

function withPort(address: string, port: number): string {
  return address.startsWith("unix:") || /:\d+$/.test(address) ? address : `${address}:${port}`;
}
