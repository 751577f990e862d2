/**
 * The request that a browser makes to open a WebSocket, as HAProxy sees it: its parser takes `keep-alive` and `close` out
 * of Connection before any rule looks at it.
 */
import type { ConfigLine } from "../language/config-tree.js";

export interface RouteRequest {
  /** With its query; null once a rule made it what cannot be told. */
  url: string | null;
  readonly method: string;
  /** By lower-case name; null for a value that cannot be told. */
  readonly headers: Map<string, string | null>;
  readonly tls: boolean;
  readonly source: string;
  /** Port that the client connects to, as the config is written; null where it has none. */
  readonly port: number | null;
  /** `set-var` so far. */
  readonly variables: Map<string, readonly string[] | null>;
}

interface Asked {
  readonly path: string;
  readonly host: string | null;
  readonly tls: boolean;
  readonly port: number | null;
}

/** The host that any config takes where none is asked for. */
const anyHost = "127.0.0.1";

export function browserRequest({ path, host, tls, port }: Asked): RouteRequest {
  const name = host ?? anyHost;
  return {
    url: path,
    method: "GET",
    headers: new Map([
      ["host", name],
      ["connection", "Upgrade"],
      ["upgrade", "websocket"],
      ["origin", `${tls ? "https" : "http"}://${name}`],
      ["sec-websocket-version", "13"],
      ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
    ]),
    tls,
    source: "127.0.0.1",
    port,
    variables: new Map(),
  };
}

/** What conditions may look up beside the request. */
export interface RouteContext {
  /** Lines of a file that a map or `acl -f` names; null for one that may not be read. */
  readLines(file: string): readonly string[] | null;
  /** Named conditions of the section. */
  acls(name: string): readonly ConfigLine[];
}
