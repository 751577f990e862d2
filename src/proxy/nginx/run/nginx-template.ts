/**
 * The built-in nginx config: a plain, good reverse proxy for WebSockets, sized to the workload, with `--set` variants
 * applied. Paths are relative to the private prefix; addresses are marks that a start fills in.
 */

import { descriptorLimitOf } from "../../../linux/descriptor-limit.js";
import { isLinuxLayerAvailable } from "../../../linux/linux-layer.js";
import { type Directive, directive } from "../language/nginx-tree.js";
import { marks } from "./config-marks.js";
import type { NginxSettings, SettingPlace } from "./nginx-settings.js";
import { proxyBufferDefaults } from "./proxy-buffer-defaults.js";

/** One WebSocket takes two of nginx's connections, one on each side. */
export const connectionsEach = 2;
/** Listening sockets, the channel to the master, logs, and connections of a preflight. */
const slack = 128;
/**
 * With less than a sixteenth of its connections free, nginx makes room by resetting new ones that have not sent their
 * request yet (ngx_drain_connections in ngx_connection.c): 66 of 2,000 were, before there was a reserve.
 */
export const reserve = 17 / 15;
/** An hour: a benchmark's quiet connections are not to be cut, and nginx's own 60 s would. */
const idleTimeout = "3600s";
const temporaryPaths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/**
 * What one worker needs to carry all the connections of a workload. It asks for no more open files than it can get: nginx
 * would log an alert for each worker, and go on with those that it has.
 */
export function workerSizing(connections: number): { workerConnections: number; openFiles: number } {
  const used = connections * connectionsEach + slack;
  return {
    workerConnections: Math.max(512, Math.ceil(used * reserve)),
    openFiles: Math.min(Math.max(1024, used + slack), mostOpenFiles()),
  };
}

/** What a process without privileges may raise its limit to; infinity where that is not known. */
function mostOpenFiles(): number {
  return isLinuxLayerAvailable().available ? descriptorLimitOf(0).hard : Number.POSITIVE_INFINITY;
}

/** All five, for nginx makes their folders whether it uses them or not. */
export function temporaryPathDirectives(): Directive[] {
  return temporaryPaths.map((name) => directive(`${name}_temp_path`, `${name}_temp`));
}

/** @param connections that the workload opens; all of them may land on one worker */
export function builtInNginxConfig(settings: NginxSettings, connections: number): Directive[] {
  const { workerConnections, openFiles } = workerSizing(connections);
  const withDefaults = (place: SettingPlace, defaults: Readonly<Record<string, string>>): Directive[] =>
    Object.entries({ ...defaults, ...Object.fromEntries(settings.byPlace[place]) }).map(([name, value]) =>
      directive(name, ...value.split(/\s+/)),
    );
  return [
    directive("daemon", "off"),
    directive("pid", "nginx.pid"),
    directive("error_log", "error.log"),
    // One worker: the other processors are the generator's and the backend's, and one worker's cost is comparable.
    ...withDefaults("main", {
      worker_processes: "1",
      worker_rlimit_nofile: String(openFiles),
    }),
    block("events", [], withDefaults("events", { worker_connections: String(workerConnections) })),
    block(
      "http",
      [],
      [
        directive("access_log", "off"),
        ...temporaryPathDirectives(),
        ...withDefaults("http", { tcp_nodelay: "on" }),
        block(
          "map",
          ["$http_upgrade", "$connection_upgrade"],
          [directive("default", "upgrade"), directive("", "close")],
        ),
        block(
          "upstream",
          ["wsrally_backend"],
          [directive("server", marks.backend), ...withDefaults("upstream", {})],
        ),
        block(
          "server",
          [],
          [
            directive("listen", ...listenWords(settings, connections)),
            directive("server_name", "_"),
            ...(settings.tls ? tlsDirectives(withDefaults("tls-server", {})) : []),
            ...withDefaults("server", {}),
            block("location", ["/"], locationDirectives(settings, withDefaults)),
          ],
        ),
      ],
    ),
  ];
}

type WithDefaults = (place: SettingPlace, defaults: Readonly<Record<string, string>>) => Directive[];

function locationDirectives(settings: NginxSettings, withDefaults: WithDefaults): Directive[] {
  return [
    directive("proxy_pass", "http://wsrally_backend"),
    directive("proxy_set_header", "Host", "$http_host"),
    directive("proxy_set_header", "Upgrade", "$http_upgrade"),
    directive("proxy_set_header", "Connection", "$connection_upgrade"),
    directive("proxy_set_header", "X-Real-IP", "$remote_addr"),
    directive("proxy_set_header", "X-Forwarded-For", "$proxy_add_x_forwarded_for"),
    directive("proxy_set_header", "X-Forwarded-Proto", "$scheme"),
    ...withDefaults("location", {
      proxy_http_version: "1.1",
      proxy_read_timeout: idleTimeout,
      proxy_send_timeout: idleTimeout,
      ...proxyBufferDefaults(settings.byPlace.location),
    }),
  ];
}

function listenWords({ tls, listenParameters }: NginxSettings, connections: number): string[] {
  const backlog = `backlog=${Math.min(Math.max(1024, connections), 65_535)}`;
  return [
    marks.listen(0),
    ...(tls ? ["ssl"] : []),
    ...(listenParameters.some((parameter) => parameter.startsWith("backlog=")) ? [] : [backlog]),
    ...listenParameters,
  ];
}

function tlsDirectives(set: readonly Directive[]): Directive[] {
  return [directive("ssl_certificate", "run.crt"), directive("ssl_certificate_key", "run.key"), ...set];
}

function block(name: string, args: readonly string[], items: readonly Directive[]): Directive {
  return { name, args, block: items, origin: null };
}
