/**
 * The request that a browser makes for a WebSocket, as Envoy's conditions see it.
 */

export interface RouteRequest {
  /** With its query. */
  readonly path: string;
  /** Small letters; Host is `:authority`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly tls: boolean;
  /** The name that a TLS client asks for; null for none. */
  readonly serverName: string | null;
}

interface Asked {
  readonly path: string;
  readonly host: string | null;
  readonly tls: boolean;
  /** "Upgrade", or "keep-alive, Upgrade" as Firefox has it. */
  readonly connection?: string;
}

/** The host that any config takes where none is asked for. */
const anyHost = "127.0.0.1";

export function browserRequest({ path, host, tls, connection = "Upgrade" }: Asked): RouteRequest {
  const authority = host ?? anyHost;
  return {
    path,
    headers: new Map([
      [":authority", authority],
      ["host", authority],
      [":path", path],
      [":method", "GET"],
      [":scheme", tls ? "https" : "http"],
      ["x-forwarded-proto", tls ? "https" : "http"],
      ["connection", connection],
      ["upgrade", "websocket"],
      ["origin", `${tls ? "https" : "http"}://${authority}`],
      ["sec-websocket-version", "13"],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["user-agent", "Mozilla/5.0"],
    ]),
    tls,
    serverName: host === null ? null : host.replace(/:\d+$/, ""),
  };
}
