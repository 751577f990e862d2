/**
 * Addresses of a Caddyfile: what a site is asked by, and what a proxy passes to.
 */
import {
  type Block,
  type ConfigTree,
  type Directive,
  globalLines,
  lineNamed,
  type Word,
  words,
} from "../language/config-tree.js";

export interface SiteAddress {
  readonly text: string;
  /** Lower case, `*.example.com` among them; null for a site that is asked by any name. */
  readonly host: string | null;
  readonly port: number;
  readonly tls: boolean;
  /** "" where it has none. */
  readonly path: string;
}

const pattern = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+)(?:-\d+)?)?(\/.*)?$/i;

/** The ports that stand for a scheme: `http_port` and `https_port` change them. */
function schemePorts(tree: ConfigTree): { readonly http: number; readonly https: number } {
  const globals = globalLines(tree);
  const port = (name: string, fallback: number): number =>
    Number(globals.findLast((line) => line.name === name)?.args[0]?.text ?? fallback);
  return { http: port("http_port", 80), https: port("https_port", 443) };
}

/** A site has TLS by its scheme, by a `tls` of its own, or because it has a name and nothing says otherwise. */
export function siteAddresses(site: Block, tree: ConfigTree): SiteAddress[] {
  const ports = schemePorts(tree);
  const automatic = globalLines(tree).findLast(({ name }) => name === "auto_https")?.args[0]?.text ?? "on";
  const hasTls = lineNamed({ block: site.lines }, "tls") !== null;
  return site.keys.flatMap(({ text }): SiteAddress[] => {
    const [, scheme, host = "", written, path = ""] = pattern.exec(text) ?? [];
    if (scheme === undefined && host === "" && written === undefined) return [];
    const isPlain = scheme?.toLowerCase() === "http" || Number(written) === ports.http;
    const port = written === undefined ? (isPlain ? ports.http : ports.https) : Number(written);
    const hasName = host !== "" && automatic !== "off" && automatic !== "disable_certs";
    const tls = !isPlain && (scheme?.toLowerCase() === "https" || hasTls || hasName || port === ports.https);
    return [{ text, host: host === "" ? null : host.toLowerCase(), port, tls, path }];
  });
}

export interface UpstreamWord {
  /** As it is written. */
  readonly text: string;
  /** As Caddy dials it: `app:9000`, `unix//run/app.sock`. */
  readonly dial: string;
  readonly tls: boolean;
  readonly h2c: boolean;
  readonly word: Word;
}

/** Of a `reverse_proxy`, `php_fastcgi` or `forward_auth`: behind its matcher, and in lines `to`. */
export function upstreamWords(proxy: Directive): UpstreamWord[] {
  const [first] = proxy.args;
  const given = first !== undefined && isMatcher(first) ? proxy.args.slice(1) : proxy.args;
  const more = (proxy.block ?? []).filter(({ name }) => name === "to").flatMap(({ args }) => args);
  const transport = lineNamed(proxy, "transport");
  const asksTls =
    transport !== null &&
    (transport.block ?? []).some(({ name }) => name === "tls" || /^tls_(?!server_name)/.test(name));
  const asksH2c =
    transport !== null && (lineNamed(transport, "versions")?.args ?? []).some(({ text }) => text === "h2c");
  return [...given, ...more].map((word) => {
    const [, scheme = "", rest = word.text] = /^(https?|h2c|wss?):\/\/(.*)$/i.exec(word.text) ?? [];
    const kind = scheme.toLowerCase();
    const tls = kind === "https" || kind === "wss" || asksTls;
    return {
      text: word.text,
      dial: dialOf(rest, tls, kind === "h2c"),
      tls,
      h2c: kind === "h2c" || asksH2c,
      word,
    };
  });
}

function dialOf(rest: string, tls: boolean, h2c: boolean): string {
  if (/^(?:unix|fd)/.test(rest) || rest.includes("{")) return h2c ? rest.replace(/^unix\+h2c/, "unix") : rest;
  const at = rest.replace(/\/.*$/, "");
  if (/:\d+(?:-\d+)?$/.test(at)) return at.startsWith(":") ? `${at}` : at;
  return `${at}:${tls ? 443 : 80}`;
}

/** `*`, `/path*` or `@name`, which come first. */
export function isMatcher({ text, quoted }: Word): boolean {
  return (!quoted && text === "*") || text.startsWith("/") || (!quoted && text.startsWith("@"));
}

/** The words of a directive behind its matcher. */
export function plainArguments(line: Directive): string[] {
  const [first] = line.args;
  return words(line).slice(first !== undefined && isMatcher(first) ? 1 : 0);
}
