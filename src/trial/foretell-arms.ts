/**
 * Arms as planned, with what their configs foretell: for what is said of a run before anything is started.
 */
import { readAuthority } from "../base/read-authority.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import { demandHttp2 } from "../proxy/demand-http2.js";
import { foretellProxy } from "../proxy/foretell-proxy.js";
import type { ForetoldProxy } from "../proxy/proxy.js";
import type { PlannedArm, Scenario } from "../scenario/scenario.js";
import { readOwnHandshake } from "./own-handshake.js";
import { readOwnShape } from "./own-shape.js";
import { placesProxies, usableCpus } from "./placement.js";
import { backendScale } from "./scale.js";

export interface ForetoldArm {
  readonly plan: PlannedArm;
  readonly proxy: ForetoldProxy;
}

/** @throws UsageError when a setting or a config file is not one wsrally can use */
export async function foretellArms(
  { arms, cpus }: Pick<Scenario, "arms" | "cpus">,
  limits: MachineLimits,
): Promise<ForetoldArm[]> {
  const isPlaced = placesProxies(usableCpus(), cpus);
  const { processes, ports } = backendScale(arms, limits);
  const backend = { host: "127.0.0.1", port: 0, morePorts: Array(processes * ports - 1).fill(0) };
  const foretold: ForetoldArm[] = [];
  for (const plan of arms) {
    const { connections, path, serverName, host, http } = plan.workload;
    if (http === 2) demandHttp2(plan.name, plan.target);
    await requireFiles(plan);
    const wish = { backend, connections, path, serverName, host, isPlaced, http };
    foretold.push({ plan, proxy: await foretellProxy(plan.target, plan.set, wish) });
  }
  return foretold;
}

/** What a workload names is there, and is what it is taken for. @throws UsageError where not */
async function requireFiles({ workload }: PlannedArm): Promise<void> {
  readOwnHandshake(workload);
  readOwnShape(workload);
  if (workload.caFile !== null) await readAuthority(workload.caFile);
}

/** The least that can be said of an arm whose config has not been read. */
export function unread(plan: PlannedArm): ForetoldArm {
  return { plan, proxy: { tls: plan.set.tls === "on", facts: null, limits: () => [] } };
}
