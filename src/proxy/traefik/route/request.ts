/**
 * The request that a browser makes for a WebSocket, as Traefik's rules see it.
 */

export interface RouteRequest {
  /** Without its query. */
  readonly path: string;
  readonly query: string;
  /** Small letters, without its port, which no rule sees. */
  readonly host: string;
  /** By their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly tls: boolean;
}

/** The host that is asked for where any is taken. */
const anyHost = "127.0.0.1";

export function browserRequest({
  path,
  host,
  tls,
}: {
  readonly path: string;
  readonly host: string | null;
  readonly tls: boolean;
}): RouteRequest {
  const [, name = "", query = ""] = /^([^?#]*)\??([^#]*)/s.exec(path) ?? [];
  const authority = host ?? anyHost;
  return {
    path: cleaned(name),
    query,
    host: authority.replace(/:\d+$/, "").toLowerCase(),
    headers: new Map([
      // Whatever a browser says besides, Traefik has taken it off by then.
      ["connection", "Upgrade"],
      ["upgrade", "websocket"],
      ["origin", `${tls ? "https" : "http"}://${authority}`],
      ["sec-websocket-version", "13"],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["user-agent", "Mozilla/5.0"],
      ["x-forwarded-proto", tls ? "wss" : "ws"],
    ]),
    tls,
  };
}

/** `//` and `..` are taken out of a path before a rule sees it. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const isFolder = /\/(?:\.{1,2})?$/.test(path) && parts.length > 0;
  return `/${parts.join("/")}${isFolder ? "/" : ""}`;
}
