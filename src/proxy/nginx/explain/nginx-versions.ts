/**
 * What depends on nginx's version, in the words that a cure is written in.
 */
export function isAtLeast(version: string | null, wanted: string): boolean {
  if (version === null) return false;
  const [have, want] = [version, wanted].map((text) =>
    text.split(".").reduce((sum, part) => sum * 1000 + Number.parseInt(part, 10), 0),
  );
  return (have ?? 0) >= (want ?? 0);
}

/** Since 1.29.7 nginx speaks HTTP/1.1 to its upstreams by itself. */
export function speaksHttp11ByDefault(version: string | null): boolean {
  return isAtLeast(version, "1.29.7");
}

/** The lines that make a location pass an upgrade on, one a line of text. */
export function upgradeLines(version: string | null): string {
  const http = speaksHttp11ByDefault(version) ? "" : "proxy_http_version 1.1;\n";
  return `${http}proxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";`;
}
