/**
 * A request as the rules of a config see it.
 */

export interface RouteRequest {
  readonly method: string;
  /** Lower case, without its port. */
  readonly host: string | null;
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly tls: boolean;
}

interface Asked {
  readonly path: string;
  readonly host: string | null;
  /** Of the Connection header: Chrome's "Upgrade", or Firefox's "keep-alive, Upgrade". */
  readonly connection?: string;
  readonly tls?: boolean;
}

/** A browser that opens a WebSocket. */
export function webSocketRequest({ path, host, connection = "Upgrade", tls = false }: Asked): RouteRequest {
  const name = host === null ? null : host.replace(/:\d+$/, "").toLowerCase();
  return {
    method: "GET",
    host: name,
    path: path.replace(/\?.*$/s, ""),
    headers: new Map([
      ["connection", connection],
      ["upgrade", "websocket"],
      ["sec-websocket-version", "13"],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["origin", `${tls ? "https" : "http"}://${host ?? "localhost"}`],
      ["host", host ?? "localhost"],
      ["user-agent", "Mozilla/5.0"],
    ]),
    tls,
  };
}
