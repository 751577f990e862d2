/**
 * The built-in Caddy config: a plain reverse proxy for WebSockets, with `--set` variants applied. Paths are relative to
 * the private folder; addresses are marks that a start fills in.
 */
import { compareVersions } from "../../program/program-spec.js";
import type { Leaf } from "../../run-certificate.js";
import { marks } from "./config-marks.js";
import type { CaddySettings, SettingPlace } from "./settings.js";

/** In the private folder: nothing but wsrally can reload it, or ask it anything. */
export const adminSocket = "admin.sock";
/** Certificate and key of the run. */
export const certificateFile = "run.crt";
export const keyFile = "run.key";

export function certificateFiles({ certificatePem, keyPem }: Leaf): Map<string, string> {
  return new Map([
    [certificateFile, certificatePem],
    [keyFile, keyPem],
  ]);
}

/** Connections to both sides. */
export const filesPerConnection = 2;
/** Listeners, the admin's socket, epoll, logs and what Go keeps for itself. */
export const ownFiles = 24;

/** The first version that can be told not to keep a copy of its config. */
const persistSince = "2.7";

/**
 * @param backendPorts of wsrally's backend: an upstream each, so that none runs out of Caddy's local ports
 * @param version of the program that is to run it; null for the newest that is known
 * @param http what clients speak
 */
export function builtInConfig(
  { byPlace, tls }: CaddySettings,
  backendPorts: number,
  version: string | null,
  http: 1 | 2 = 1,
): string {
  const lines = (place: SettingPlace): string[] => (byPlace.get(place) ?? []).map((words) => words.join(" "));
  const isSet = (byPlace.get("servers") ?? []).some(([name]) => name === "protocols");
  // Over TLS it agrees on HTTP/2 unasked.
  const protocols = http === 2 && !tls && !isSet ? ["protocols h1 h2c"] : [];
  const persists = version !== null && compareVersions(version, persistSince) < 0;
  const upstreams = Array.from({ length: backendPorts }, (_, index) => marks.backend(index)).join(" ");
  const certificate = `tls ${certificateFile} ${keyFile}`;
  const text = [
    ...block("", [
      `admin unix/${adminSocket}`,
      ...(persists ? [] : ["persist_config off"]),
      "auto_https off",
      "skip_install_trust",
      ...lines("options"),
      ...optional("servers", [...optional("timeouts", lines("timeouts")), ...lines("servers"), ...protocols]),
    ]),
    ...block(`${tls ? "https" : "http"}://:${marks.port(0)}`, [
      "bind 127.0.0.1",
      ...(tls
        ? [lines("site-tls").length === 0 ? [certificate] : block(certificate, lines("site-tls"))].flat()
        : []),
      ...lines("site"),
      ...withBlock(`reverse_proxy ${upstreams}`, [
        ...lines("proxy"),
        ...optional("transport http", lines("transport")),
      ]),
    ]),
  ];
  return `${text.join("\n")}\n`;
}

function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`.trimStart(), ...lines.map((line) => `\t${line}`), "}"];
}

/** Nothing without lines. */
function optional(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : block(head, lines);
}

function withBlock(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [head] : block(head, lines);
}
