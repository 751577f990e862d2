/**
 * The request that a browser makes to open a WebSocket, as conditions of a config may look at it.
 */

export interface RouteRequest {
  /** With its query. */
  readonly url: string;
  /** As it is asked for; null where any will do. */
  readonly host: string | null;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly tls: boolean;
  readonly port: number;
}

interface Asked {
  readonly url: string;
  readonly host: string | null;
  readonly tls: boolean;
  readonly port: number;
  /** "Upgrade", or "keep-alive, Upgrade" as Firefox has it. */
  readonly connection?: string;
}

export function browserRequest({ url, host, tls, port, connection = "Upgrade" }: Asked): RouteRequest {
  const usual = port === (tls ? 443 : 80);
  const shown = `${host ?? "localhost"}${usual ? "" : `:${port}`}`;
  return {
    ...{ url, host, tls, port },
    headers: new Map([
      ["host", shown],
      ["upgrade", "websocket"],
      ["connection", connection],
      ["origin", `${tls ? "https" : "http"}://${shown}`],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["sec-websocket-version", "13"],
      ["user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
    ]),
  };
}

export function pathOf({ url }: Pick<RouteRequest, "url">): string {
  return url.replace(/\?.*$/s, "");
}
