/**
 * Where a directive passes to, cut out of its word as nginx cuts it (ngx_parse_url): an address ends at `/` or `?`, and
 * at nothing else. `http://group#.example.com/` is the host `group#.example.com`.
 */
import type { Directive } from "./nginx-tree.js";

/**
 * The URL of a `proxy_pass` in its parts: scheme, address, URI. The address of a Unix socket ends in a colon where a URI
 * follows; a variable that holds a URI begins the URI part without a slash before it.
 */
const urlParts =
  /^(https?|\$\{?\w+\}?):\/\/(unix:[^:]+:?|(?:(?!\$\{?(?:request_uri|document_uri|uri|is_args|args)\b)[^/?])*)(.*)$/is;

export interface PassUrl {
  readonly scheme: string;
  readonly address: string;
  readonly uri: string;
}

/** @returns null for what is no URL, or a variable that may hold one */
export function splitPassUrl(url: string): PassUrl | null {
  const parts = url.match(urlParts);
  if (parts === null) return null;
  const [, scheme = "", address = "", uri = ""] = parts;
  return { scheme, address, uri };
}

/** Schemes that nginx knows before the address; other directives take none. */
const schemes: Readonly<Record<string, RegExp>> = {
  proxy_pass: /^https?:\/\//i,
  grpc_pass: /^grpcs?:\/\//i,
  uwsgi_pass: /^s?uwsgi:\/\//i,
};

/** The address of any `…_pass`: host and port, or an upstream's name. A URI may stand in a `proxy_pass` alone. */
export function passAddress({ name, args }: Directive): string {
  const word = (args[0] ?? "").replace(schemes[name] ?? /^(?!)/, "");
  if (name !== "proxy_pass") return word;
  // Of the variables only this one always begins with a slash.
  return word.replace(/(?:[/?]|\$request_uri\b|\$\{request_uri\}).*$/s, "");
}
