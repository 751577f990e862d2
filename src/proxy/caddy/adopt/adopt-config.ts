/**
 * Makes a user's own config runnable in a private folder on loopback, as it is but for what ties it to its machine. Every
 * change is noted. The original is only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import type { ConfigRequest } from "../../driver.js";
import { makeRunCertificate } from "../../run-certificate.js";
import { confineConfig } from "../confine/confine-config.js";
import { refuseExcess } from "../confine/excess.js";
import { sitesOf } from "../language/config-tree.js";
import { type ReadConfig, readConfig } from "../language/read-config.js";
import { siteAddresses } from "../route/addresses.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { certificateFiles } from "../run/template.js";
import { adaptCaddyfile, type Workplace } from "./adapt-caddyfile.js";
import { type Adoption, createAdoption } from "./adoption.js";
import { isRecord, type Json } from "./json.js";
import { plainTree } from "./plain-tree.js";
import { remapConfig } from "./remap-config.js";
import { filesFolder } from "./remap-handlers.js";
import { backendAuthorityFile } from "./remap-transport.js";
import type { RunnableConfig } from "./runnable-config.js";
import { varyConfig } from "./vary-config.js";

/** A config and the way of the WebSocket through it. */
export interface ReadRoute {
  readonly read: ReadConfig;
  /** Null where it has no site. */
  readonly route: WebSocketRoute | null;
}

/** @throws ConfigRefusedError with file and line, UsageError */
export function readRoute(
  file: string,
  { confinedTo, path, serverName }: Pick<ConfigRequest, "confinedTo" | "path" | "serverName">,
): ReadRoute {
  const read = readConfig(file, confinedTo);
  if (confinedTo !== null) refuseExcess(read.tree);
  return { read, route: findWebSocket(read.tree, { path, serverName }, file) };
}

/**
 * @throws UsageError when it holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed, or Caddy cannot translate it
 */
export async function adoptConfig(
  file: string,
  request: ConfigRequest,
  { read, route, workplace }: ReadRoute & { readonly workplace: Workplace },
): Promise<RunnableConfig> {
  const adoption = createAdoption(file, read, request);
  const config = await asJson(read, adoption, workplace);
  if (route !== null) noteRoute(read, route, adoption);
  const measured = { port: route?.address.port ?? null, tls: route?.address.tls ?? false };
  const sockets = remapConfig(config, measured, adoption);
  if (request.variant !== null) varyConfig(config, request.variant, workplace.version);
  if (adoption.isConfined) confineConfig(config, read, adoption);
  const certificate = sockets.hasTls ? await runCertificate(read, route, request) : null;
  const { overTls } = request.backend;
  return {
    text: `${JSON.stringify(config, null, "\t")}\n`,
    language: "json",
    name: file,
    listenCount: sockets.listenCount,
    tls: measured.tls,
    caPem: measured.tls ? (certificate?.caPem ?? null) : null,
    files: new Map<string, string | Buffer>([
      ...adoption.copies(),
      [`${filesFolder}/index.html`, "<!doctype html>\n"],
      ...(certificate === null ? [] : certificateFiles(certificate)),
      ...(overTls === undefined ? [] : [[backendAuthorityFile, overTls.caPem] as const]),
    ]),
    renewedFiles: certificate === null ? null : async () => certificateFiles(await certificate.renew()),
    variables: adoption.isConfined ? new Map() : read.environment.asked(),
    webSocket: route === null ? null : { serverName: route.serverName, path: route.path },
    upstreams: adoption.upstreams,
    obstacle:
      route === null ? new UsageError(`Cannot measure ${file}: it has no site that listens for HTTP`) : null,
    changes: adoption.changes(),
  };
}

async function asJson({ json, tree }: ReadConfig, adoption: Adoption, workplace: Workplace): Promise<Json> {
  if (json === null) return adaptCaddyfile(plainTree(tree, adoption), adoption.file, workplace);
  // The places of the original stay as they are.
  const copy: unknown = JSON.parse(JSON.stringify(json.value));
  if (!isRecord(copy)) throw new UsageError(`Cannot adopt ${adoption.file}: want a JSON object`);
  return copy;
}

function noteRoute({ tree, json }: ReadConfig, route: WebSocketRoute, adoption: Adoption): void {
  if (json === null)
    for (const site of sitesOf(tree))
      for (const { text, place } of site.keys)
        adoption.noteAt(`\`${text}\` is a free port of 127.0.0.1 instead`, place);
  const { serverName, path, address } = route;
  if (sitesOf(tree).length > 1)
    adoption.noteAt(
      `Measured is the site ${address.text} at ${serverName ?? "any name"}${path}`,
      route.site.place,
    );
}

async function runCertificate(
  { tree }: ReadConfig,
  route: WebSocketRoute | null,
  { host }: ConfigRequest,
): ReturnType<typeof makeRunCertificate> {
  const asked = [route?.serverName, host?.replace(/:\d+$/, "")];
  const sites = sitesOf(tree).flatMap((site) => siteAddresses(site, tree).map((address) => address.host));
  const names = [...asked, ...sites].filter(
    (name): name is string =>
      typeof name === "string" && /^(?:\*\.)?[a-z0-9.-]*[a-z][a-z0-9.-]*$/i.test(name),
  );
  return makeRunCertificate({ kind: "ec", curve: "P-256" }, [...new Set(names)]);
}
