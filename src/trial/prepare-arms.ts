/**
 * Arms with their proxies found good, before anything is loaded.
 */
import type { Backend } from "../backend/backend-process.js";
import { UsageError } from "../base/errors.js";
import type { ProcessGuard } from "../base/owned-process.js";
import { readAuthority } from "../base/read-authority.js";
import type { Workspace } from "../base/workspace.js";
import type { AgentLink } from "../cluster/agent-link.js";
import type { LoadShape } from "../load/shape/load-shape.js";
import { demandHttp2 } from "../proxy/demand-http2.js";
import { prepareProxy } from "../proxy/prepare-proxy.js";
import type { BackendAddress, ProxyWish } from "../proxy/proxy.js";
import type { ArmProxy } from "../proxy/seen-proxy.js";
import { hasOwnProxy, isConfigured, refuseImages } from "../scenario/arm.js";
import type { PlannedArm } from "../scenario/scenario.js";
import { hasUnasked } from "../scenario/unasked.js";
import type { Behind } from "./behind.js";
import { type OwnHandshake, readOwnHandshake, routedPath } from "./own-handshake.js";
import { readOwnShape } from "./own-shape.js";

export interface PreparedArm {
  readonly plan: PlannedArm;
  readonly proxy: ArmProxy;
  /** Whether wsrally runs a proxy for it, so that its processes can be seen. */
  readonly hasProxy: boolean;
  /** What stands behind it, where that is wsrally's; null for somebody else's. */
  readonly backend: Backend | null;
  /** Where that is, for a proxy that somebody else runs; null for any other arm. */
  readonly behind: Behind | null;
  /** What may answer `ping`. */
  readonly answers: readonly string[];
  /** With what is secret in it. */
  readonly own: OwnHandshake;
  readonly givenCaPem: string | null;
  readonly shape: LoadShape;
}

interface PrepareSettings {
  readonly workspace: Workspace;
  readonly guard: ProcessGuard;
  /** Arms have them in turn, shifted by one each time that arms are prepared again; none when every arm is a URL. */
  readonly backends: readonly Backend[];
  /** Behind every arm that is a URL; null for somebody else's. */
  readonly behind: { readonly backend: Backend; readonly token: string } | null;
  /** Whether the run gives proxies their processors and priority. */
  readonly placesProxies: boolean;
  /** Where generators on other machines reach the proxies that run here; null for loopback. */
  readonly facing: string | null;
  /** On whose host the proxies of arms run; null for this machine. */
  readonly proxyHost: AgentLink | null;
  /** How often arms were prepared before in this workspace. */
  readonly generation: number;
  readonly signal: AbortSignal;
}

/** @throws UsageError or EnvironmentError when a config is refused or a program is missing */
export async function prepareArms(
  arms: readonly PlannedArm[],
  settings: PrepareSettings,
): Promise<PreparedArm[]> {
  const prepared: PreparedArm[] = [];
  for (const [index, arm] of arms.entries()) {
    const { backends, generation } = settings;
    const backend = backends[(index + generation) % backends.length] ?? null;
    prepared.push(await prepareArm(arm, index, { ...settings, backend }));
  }
  return prepared;
}

async function prepareArm(
  plan: PlannedArm,
  index: number,
  settings: PrepareSettings & { readonly backend: Backend | null },
): Promise<PreparedArm> {
  const { workspace, guard, backend, behind, placesProxies, facing, proxyHost, generation, signal } =
    settings;
  const { keepsUpstream, behind: addresses } = plan.workload;
  const isUrl = plan.target.kind === "url";
  if (keepsUpstream && !isUrl && !isConfigured(plan.target))
    throw new UsageError(
      `Cannot leave the upstream of ${plan.name} as configured: want an arm with a config file, which names one`,
    );
  const ours = isUrl ? (behind?.backend ?? null) : keepsUpstream ? null : backend;
  if (ours?.push == null && hasUnasked(plan.workload))
    throw new UsageError(
      `Cannot have ${plan.name} push or fan out: only a backend that this run starts does, and none stands behind it`,
    );
  if (plan.workload.http === 2) demandHttp2(plan.name, plan.target);
  const processes = ours?.pids.length ?? 0;
  if (plan.workload.fanout !== null && processes > 1)
    throw new UsageError(
      `Cannot fan out through ${plan.name}: a room is in one backend process, and here there are ${processes}; want fewer connections, or one address behind`,
    );
  const own = readOwnHandshake(plan.workload);
  const shape = readOwnShape(plan.workload);
  if (shape.replay !== null && (ours?.pids.length ?? 0) === 0)
    throw new UsageError(
      `Cannot replay sessions with ${plan.name}: only a backend that this run starts on this machine plays the server's part, and none stands behind it`,
    );
  if (ours === null && shape.sizes?.down)
    throw new UsageError(
      `Cannot give replies of ${plan.name} sizes of their own: only wsrally's own backend answers so; want sizes of messages alone`,
    );
  const wish: ProxyWish = {
    backend: { ...addressOf(backend), ...(facing === null ? {} : { facing }) },
    connections: plan.workload.connections,
    path: routedPath(own),
    serverName: plan.workload.serverName,
    host: plan.workload.host,
    isPlaced: placesProxies,
    http: plan.workload.http,
    keepsUpstream,
  };
  const hasProxy = hasOwnProxy(plan.target);
  const name = generation === 0 ? `arm-${index}` : `arm-${index}-${generation}`;
  const { target, set } = plan;
  const prepareThere = async (host: AgentLink): Promise<ArmProxy> => {
    refuseImages(
      [plan],
      "have an agent run",
      "agents run programs of their own machine; want such an arm, or the run on that host without --proxy-agent",
    );
    const { prepareElsewhere } = await import("../cluster/proxy-elsewhere.js");
    return prepareElsewhere(host, { arm: name, target, set, wish, signal });
  };
  const prepareHere = async (): Promise<ArmProxy> =>
    prepareProxy(target, set, { ...wish, folder: await workspace.folder(name), guard }, signal);
  return {
    plan,
    proxy: await (hasProxy && proxyHost !== null ? prepareThere(proxyHost) : prepareHere()),
    hasProxy,
    backend: ours,
    behind:
      isUrl && behind !== null && addresses !== null
        ? { addresses, ticket: { token: behind.token, place: "header" } }
        : null,
    answers: ours === null ? ["pong", "ping"] : ["pong"],
    own,
    shape,
    givenCaPem: plan.workload.caFile === null ? null : await readAuthority(plan.workload.caFile),
  };
}

/** As proxies are told of it; none where every arm is a URL. */
export function addressOf(
  backend: Pick<Backend, "host" | "port" | "ports" | "others"> | null,
): BackendAddress {
  return {
    host: backend?.host ?? "127.0.0.1",
    port: backend?.port ?? 0,
    morePorts: backend?.ports.slice(1) ?? [],
    ...(backend?.others === undefined ? {} : { others: backend.others }),
  };
}
