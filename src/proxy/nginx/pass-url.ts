/**
 * The URL of a `proxy_pass` in its parts: scheme, address, URI. The address of a Unix socket ends in a colon where a URI
 * follows; a variable that holds a URI begins the URI part without a slash before it.
 */
const urlParts =
  /^(https?|\$\{?\w+\}?):\/\/(unix:[^:]+:?|(?:(?!\$\{?(?:request_uri|document_uri|uri|is_args|args)\b)[^/?#])*)(.*)$/is;

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
