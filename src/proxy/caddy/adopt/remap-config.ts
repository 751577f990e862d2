/**
 * The JSON that Caddy would run on the user's machine, made to run in a private folder on loopback. What is replaced whole is
 * replaced whatever it was: admin, logs, storage, certificates, authorities, every app but HTTP.
 */
import { adminSocket, certificateFile, keyFile } from "../run/template.js";
import type { Adoption } from "./adoption.js";
import { isRecord, type Json, recordIn } from "./json.js";
import { remapAccess } from "./remap-access.js";
import { remapHandlers } from "./remap-handlers.js";
import { type MeasuredServer, remapServers, type Sockets } from "./remap-servers.js";

/** Of the adapted config; changed in place. */
export function remapConfig(config: Json, measured: MeasuredServer, adoption: Adoption): Sockets {
  for (const name of Object.keys(config))
    if (!["apps", "admin", "logging", "storage"].includes(name)) delete config[name];
  noteWhole(config, adoption);
  const apps = recordIn(config, "apps");
  const http = recordIn(apps, "http");
  for (const name of Object.keys(http)) if (!httpKeys.has(name)) delete http[name];
  const sockets = remapServers(recordIn(http, "servers"), measured, adoption);
  remapAccess(http.servers, adoption);
  remapHandlers(http.servers, sockets, adoption);
  config.apps = {
    http,
    // Caddy puts an authority of its own into the machine's trust store unless it is told not to.
    pki: { certificate_authorities: { local: { install_trust: false } } },
    ...(sockets.hasTls
      ? { tls: { certificates: { load_files: [{ certificate: certificateFile, key: keyFile }] } } }
      : {}),
  };
  config.admin = { listen: `unix/${adminSocket}`, config: { persist: false } };
  config.logging = {
    logs: {
      default: {
        writer: { output: "stderr" },
        encoder: { format: "json" },
        // What ends a WebSocket is told at this level alone, and only who looks for it pays for that.
        level: adoption.isWatched ? "DEBUG" : "INFO",
      },
    },
  };
  delete config.storage;
  return sockets;
}

const httpKeys: ReadonlySet<string> = new Set(["servers", "grace_period", "shutdown_delay"]);

/** Of a Caddyfile all this is noted where it is taken out of the tree. */
function noteWhole(config: Json, adoption: Adoption): void {
  const said = (name: string, why: string, path: readonly string[]): void =>
    adoption.note(`${name} was left out: ${why}`, { path, directives: [] });
  if (!adoption.isJson) return;
  if (config.admin !== undefined) said("admin", "it is a socket of wsrally's", ["admin"]);
  if (config.logging !== undefined) said("logging", "the log is wsrally's", ["logging"]);
  if (config.storage !== undefined) said("storage", "what Caddy keeps is in a private folder", ["storage"]);
  for (const name of Object.keys(isRecord(config.apps) ? config.apps : {})) {
    if (name === "http") continue;
    const why =
      name === "tls" || name === "pki" ? "the certificate is the run's own" : "only HTTP is measured";
    said(`apps.${name}`, why, ["apps", name]);
  }
}
