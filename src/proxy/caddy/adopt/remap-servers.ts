/**
 * Moves every listening socket of a config to a free port of loopback. The one that is measured has number 0.
 */
import { marks } from "../run/config-marks.js";
import type { Adoption } from "./adoption.js";
import { isRecord, type Json, listIn } from "./json.js";

/** Which of the servers carries the WebSocket. */
export interface MeasuredServer {
  /** That it listens on; null where there is none. */
  readonly port: number | null;
  readonly tls: boolean;
}

export interface Sockets {
  readonly listenCount: number;
  readonly hasTls: boolean;
  /** The number of the socket by the port that it was to have. */
  readonly byPort: ReadonlyMap<number, number>;
}

/** What a server keeps; all else says where it listens, what it logs, or asks somebody. */
const kept: ReadonlySet<string> = new Set([
  ...["listen", "routes", "errors", "named_routes", "read_timeout", "read_header_timeout", "write_timeout"],
  ...["idle_timeout", "keepalive_interval", "max_header_bytes", "enable_full_duplex", "protocols"],
  ...["strict_sni_host", "client_ip_headers", "trusted_proxies", "trusted_proxies_strict"],
]);

export function remapServers(servers: Json, measured: MeasuredServer, adoption: Adoption): Sockets {
  const entries = Object.entries(servers).filter((entry): entry is [string, Json] => isRecord(entry[1]));
  const chosen = entries.find(([, server]) => portsOf(server).includes(measured.port ?? -1)) ?? entries[0];
  const byPort = new Map<number, number>();
  let listenCount = 1;
  let hasTls = false;
  for (const [name, server] of entries) {
    const isMeasured = server === chosen?.[1];
    const number = isMeasured ? 0 : listenCount++;
    for (const port of portsOf(server)) byPort.set(port, number);
    noteListens(name, server, adoption);
    const tls = isMeasured
      ? measured.tls
      : server.tls_connection_policies !== undefined || portsOf(server).includes(443);
    hasTls ||= tls;
    notePolicies(name, server, adoption);
    for (const key of Object.keys(server)) if (!kept.has(key)) drop(name, server, key, adoption);
    if (isRecord(server.trusted_proxies) && server.trusted_proxies.source !== "static")
      drop(name, server, "trusted_proxies", adoption);
    server.listen = [`127.0.0.1:${marks.port(number)}`];
    server.automatic_https = { disable: true };
    // HTTP/3 would want a UDP port as well, and no WebSocket of wsrally's goes over it.
    const protocols = listIn(server, "protocols").filter((one) => one !== "h3");
    server.protocols = protocols.length === 0 ? ["h1", "h2"] : protocols;
    if (tls) server.tls_connection_policies = [{ default_sni: "localhost" }];
  }
  return { listenCount, hasTls, byPort };
}

/** Of a Caddyfile they are told by its sites' addresses. */
function noteListens(name: string, server: Json, adoption: Adoption): void {
  if (!adoption.isJson) return;
  for (const [index, listen] of listIn(server, "listen").entries())
    adoption.note(`\`listen ${String(listen)}\` is a free port of 127.0.0.1 instead`, {
      path: ["apps", "http", "servers", name, "listen", index],
      directives: [],
    });
}

function notePolicies(name: string, server: Json, adoption: Adoption): void {
  if (!adoption.isJson || server.tls_connection_policies === undefined) return;
  adoption.note("The certificate is the run's own instead", {
    path: ["apps", "http", "servers", name, "tls_connection_policies"],
    directives: [],
  });
}

const silent = new Set(["automatic_https", "tls_connection_policies", "logs"]);

function drop(name: string, server: Json, key: string, adoption: Adoption): void {
  delete server[key];
  if (silent.has(key)) return;
  adoption.note(`${key} was left out: the generator connects as clients do`, {
    path: ["apps", "http", "servers", name, key],
    directives: [key],
  });
}

function portsOf(server: Json): number[] {
  return listIn(server, "listen").flatMap((listen) => {
    const port = /:(\d+)(?:-\d+)?$/.exec(String(listen))?.[1];
    return port === undefined ? [] : [Number(port)];
  });
}
