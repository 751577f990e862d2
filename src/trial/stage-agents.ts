/**
 * Agents in the place of this machine's generators: what a stage needs to know of them.
 */

import type { Backend } from "../backend/backend-process.js";
import { EnvironmentError, UsageError } from "../base/errors.js";
import type { AgentLink } from "../cluster/agent-link.js";
import type { Crew } from "../cluster/crew.js";
import type { CrewOrder } from "../cluster/gather-crew.js";
import type { BackendPlace } from "../cluster/protocol.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { GeneratorPool } from "../load/generator-pool.js";
import type { PlannedArm, Scenario } from "../scenario/scenario.js";
import { hasUnasked } from "../scenario/unasked.js";
import { backendWish } from "./backend-wish.js";
import { routesFor, spareFiles } from "./scale.js";
import type { TrafficObserver } from "./traffic.js";

interface StageAgents {
  readonly crew: Crew;
  /** Null where this machine makes the load. */
  readonly pool: GeneratorPool | null;
}

/** @throws as `gatherCrew`; UsageError where what arms are sent unasked could not be timed */
export async function gatherAgents(
  arms: readonly PlannedArm[],
  order: CrewOrder,
  { observer, signal }: { readonly observer: TrafficObserver; readonly signal: AbortSignal },
): Promise<StageAgents> {
  const pushed = order.agents === 0 ? undefined : arms.find(({ workload }) => hasUnasked(workload));
  if (pushed !== undefined)
    throw new UsageError(
      `Cannot time push or fanout of the arm ${pushed.name} from agents, whose clocks are not the backend's: want the load on this machine`,
    );
  // Only runs with agents need a client for NATS.
  const [{ gatherCrew }, { createAgentPool }] = await Promise.all([
    import("../cluster/gather-crew.js"),
    import("../cluster/agent-pool.js"),
  ]);
  const crew = await gatherCrew(order, signal, (awaited) => observer.awaits?.(awaited));
  observer.awaits?.(null);
  return { crew, pool: crew.loads ? createAgentPool(crew) : null };
}

/** One backend for all arms, on every agent that is there; null when every arm is a URL. @throws as `startAgentBackends` */
export async function startAgentBackend(
  { arms }: Pick<Scenario, "arms">,
  { alive }: Pick<Crew, "alive">,
  limits: MachineLimits,
  place?: BackendPlace,
): Promise<Backend | null> {
  const wanted = backendWish(arms);
  if (wanted === null) return null;
  const most = Math.max(...arms.map(({ workload }) => workload.connections));
  const { startAgentBackends, portsToMix } = await import("../cluster/agent-backend.js");
  const ports = Math.max(portsToMix(alive.length), Math.ceil(routesFor(most, limits) / alive.length));
  return startAgentBackends(alive, { ...wanted, ports }, place);
}

/** What limits the load here does not limit it there. */
export function withoutLoad(limits: MachineLimits): MachineLimits {
  return { ...limits, ephemeralPorts: null, listenBacklog: null, availableBytes: null };
}

/** @throws EnvironmentError where an agent's generators may not have as many open files as their connections need */
export function requireAgentRoom(arms: readonly PlannedArm[], { alive }: Pick<Crew, "alive">): void {
  const generators = alive.reduce((sum, { facts }) => sum + facts.threads, 0);
  const most = Math.max(...arms.map(({ workload }) => workload.connections));
  const each = Math.ceil(most / generators) + spareFiles;
  for (const { facts } of alive) {
    const { maxOpenFiles } = facts.limits;
    if (maxOpenFiles === null || each <= maxOpenFiles) continue;
    throw new EnvironmentError(
      `Cannot open ${most} connections from ${generators} generators: each on ${facts.name} needs ${each} open files and may have ${maxOpenFiles}; want more agents, more --threads, or a higher ulimit -n there`,
    );
  }
}

/** What one process may open where the proxies run is what counts for them. */
export function withFilesOf({ facts }: Pick<AgentLink, "facts">, limits: MachineLimits): MachineLimits {
  return { ...limits, maxOpenFiles: facts.limits.maxOpenFiles };
}

/** @throws UsageError for processors of a proxy that runs on another host */
export function requireNoProxyCpus({ cpus }: Pick<Scenario, "cpus">): void {
  if (typeof cpus === "string" || cpus.proxy === undefined) return;
  throw new UsageError(
    "Cannot give a proxy on another host its processors: want cpus without proxy, and agents where they should run",
  );
}
