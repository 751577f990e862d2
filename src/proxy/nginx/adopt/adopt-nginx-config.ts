/**
 * Makes a user's own config runnable in a private prefix on loopback, as it is but for what ties it to its machine:
 * addresses, logs, temporary paths, certificates. Every change is noted. The original is only ever read.
 */
import { UsageError } from "../../../base/errors.js";
import type { ProxyWish } from "../../proxy.js";
import { confineConfig, refuseExcess } from "../confine/confine-config.js";
import { type Directive, directive, type Origin, type Path } from "../language/nginx-tree.js";
import { readNginxConfig } from "../language/read-nginx-config.js";
import { markInTree, UnrenderedTemplateError } from "../language/template-marks.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import { findOwnHops, serversBehind } from "../route/own-hops.js";
import { asWritten } from "../run/as-written.js";
import { workerSizing } from "../run/nginx-template.js";
import { adoptAccess } from "./adopt-access.js";
import { adoptAuthRequests } from "./adopt-auth-requests.js";
import { adoptCertificates } from "./adopt-certificates.js";
import { adoptCode } from "./adopt-code.js";
import { adoptListens } from "./adopt-listens.js";
import { adoptPaths } from "./adopt-paths.js";
import { adoptPlacement } from "./adopt-placement.js";
import { adoptTrustedNames } from "./adopt-trusted-names.js";
import { adoptUpstreamTls, backendAuthorityFile } from "./adopt-upstream-tls.js";
import { adoptUpstreams, type MeasuredWay } from "./adopt-upstreams.js";
import { type Adoption, createAdoption } from "./adoption.js";
import { type ConfigShape, completeConfig } from "./complete-config.js";
import { withoutForeignFormats } from "./foreign-log-formats.js";
import { keepUpstreams } from "./keep-upstreams.js";
import type { RunnableConfig } from "./runnable-config.js";

/**
 * @throws UsageError when the file cannot be read, or holds what wsrally cannot run in private
 * @throws ConfigRefusedError when it is not well-formed
 */
export async function adoptNginxConfig(file: string, setting: ProxyWish): Promise<RunnableConfig> {
  const adoption = createAdoption(file, setting);
  const whole = wrapPart(readNginxConfig(file, adoption), adoption);
  try {
    return await adopt(whole, setting, adoption);
  } catch (thrown) {
    // What cannot be adopted of a template is mostly what is to be filled in.
    const mark = thrown instanceof UsageError ? markInTree(whole) : null;
    throw mark === null ? thrown : new UnrenderedTemplateError(file, mark);
  }
}

async function adopt(
  whole: readonly Directive[],
  setting: ProxyWish,
  adoption: Adoption,
): Promise<RunnableConfig> {
  const isConfined = adoption.confinedTo !== null;
  if (isConfined) refuseExcess(whole);
  const { route, obstacle } = routeOf(whole, adoption);
  if (route !== null) noteRoute(route, adoption);
  const location = locationOf(route);
  const hops = findOwnHops(whole);
  const behind = serversBehind(whole, route?.around ?? [], hops);
  const around = [...(route?.around ?? []), ...behind.flatMap(blocksOf)];
  const names = [route?.serverName, setting.host?.replace(/:\d+$/, "")].filter(isHostName);
  const certified = await adoptCertificates(adoptCode(whole, around, adoption), names, adoption);
  const harmless = certified.tree;
  const target = route === null ? null : (routeOf(harmless, adoption).route?.server ?? null);
  const { tree: listening, listenCount, tls, marksByAddress } = adoptListens(harmless, target, adoption);
  const { tree: proxying, upstreams } = setting.keepsUpstream
    ? { tree: keepUpstreams(listening, adoption), upstreams: [] }
    : standIn(listening, { location, behind, hops, marksByAddress }, adoption);
  const open = setting.keepsAccess ? proxying : adoptAccess(proxying, around, adoption);
  const placed = setting.isPlaced === true ? adoptPlacement(open, adoption) : open;
  const adopted = adoptTrustedNames(adoptPaths(placed, adoption), adoption);
  return {
    tree: isConfined ? confineConfig(adopted, adoption) : adopted,
    written: whole,
    asWritten: asWritten(harmless, adoption),
    name: adoption.file,
    listenCount,
    tls,
    isSized: whole.some(({ name, origin }) => name === "events" && origin === null),
    caPem: tls ? certified.caPem : null,
    originals: adoption.copies.originals(),
    isConfined,
    files: new Map<string, string | Buffer>([
      ...adoption.copies.files(),
      ...certified.files,
      ...(setting.backend.overTls ? [[backendAuthorityFile, setting.backend.overTls.caPem] as const] : []),
    ]),
    renewedFiles: certified.renewedFiles,
    webSocket: route === null ? null : { serverName: route.serverName, path: route.path },
    upstreams,
    obstacle,
    dropsModules: whole.some(({ name }) => name === "load_module"),
    note: adoption.note,
    changes: adoption.changes,
  };
}

/** wsrally's backend in place of every upstream. */
function standIn(
  tree: readonly Directive[],
  way: MeasuredWay,
  adoption: Adoption,
): ReturnType<typeof adoptUpstreams> {
  const trusting = adoptUpstreamTls(tree, { isKept: adoption.backendTls }, adoption);
  return adoptUpstreams(adoptAuthRequests(trusting, adoption), way, adoption);
}

/** A block, and all within it. */
function blocksOf(block: Directive): Path {
  return [block, ...(block.block ?? []).filter((node) => node.block !== null).flatMap(blocksOf)];
}

interface Routing {
  readonly route: WebSocketRoute | null;
  readonly obstacle: UsageError | null;
}

/** That nothing can be measured is told only when nginx has found no fault: its words go first. */
function routeOf(tree: readonly Directive[], { file, wanted }: Adoption): Routing {
  try {
    const route = findWebSocket(tree, wanted, file);
    if (route !== null) return { route, obstacle: null };
    const message = `Cannot measure ${file}: no server in it proxies (want a proxy_pass)`;
    return { route, obstacle: new UsageError(message) };
  } catch (thrown) {
    if (thrown instanceof UsageError) return { route: null, obstacle: thrown };
    throw thrown;
  }
}

function locationOf(route: WebSocketRoute | null): Origin | null {
  return route?.around.findLast(({ name }) => name === "location")?.origin ?? null;
}

/** Which of all servers and locations it is goes before everything else that is said of a config. */
function noteRoute(route: WebSocketRoute, { note }: Adoption): void {
  const { serverName, path, upgrades, leads } = route;
  const server = serverName === null ? "" : ` of ${serverName}`;
  if (!leads) {
    note(`${path}${server} is measured, though no location that proxies takes it`, null);
    return;
  }
  const how = upgrades ? "where Upgrade is proxied" : "which proxies, though without an Upgrade header";
  note(`${path}${server} is measured, ${how}`, locationOf(route));
}

function isHostName(name: string | null | undefined): name is string {
  return typeof name === "string" && /[a-z]/i.test(name);
}

const partOf: Readonly<Record<Exclude<ConfigShape, "whole">, string>> = {
  http: "an http block",
  server: "a server and an http block",
  location: "a location, a server and an http block",
};

/** nginx runs a part of a config only inside a whole. */
function wrapPart(written: readonly Directive[], adoption: Adoption): readonly Directive[] {
  const { shape, tree } = completeConfig(written);
  if (shape === "whole") return tree;
  const { connections, note } = adoption;
  const { workerConnections, openFiles } = workerSizing(connections);
  note(
    `The file is a part of a config: it was put into ${partOf[shape]} of its own, with one worker sized to the workload`,
    null,
  );
  return [
    directive("worker_rlimit_nofile", String(openFiles)),
    {
      ...directive("events"),
      block: [directive("worker_connections", String(workerConnections))],
    },
    ...withoutForeignFormats(tree, adoption),
  ];
}
