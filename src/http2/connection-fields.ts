/**
 * Header fields that are of HTTP/1.1's connections, and of none of HTTP/2 (RFC 9113, 8.2.2).
 */
const names: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** @param name in lower case */
export function isOfConnection(name: string): boolean {
  return names.has(name);
}
