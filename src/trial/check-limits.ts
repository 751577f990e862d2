/**
 * Says before any load what this machine cannot hold: open files of each part, ports on both hops, memory, and the
 * listen queue.
 */
import { readFileSync } from "node:fs";
import { EnvironmentError } from "../base/errors.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import { concurrentHandshakes } from "../load/opener.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { ForetoldArm } from "./foretell-arms.js";
import { bytesEach } from "./foretell-limits.js";
import { clientSockets, generatorProcesses, isLoopback, spareFiles } from "./scale.js";

/** Reads the limits of this process, this network namespace and this machine; Linux only. */
export function readMachineLimits(): MachineLimits {
  return {
    maxOpenFiles: readNumber("/proc/self/limits", /^Max open files\s+\S+\s+(\d+)/m, ([hard]) => Number(hard)),
    ephemeralPorts: readNumber(
      "/proc/sys/net/ipv4/ip_local_port_range",
      /^(\d+)\s+(\d+)/,
      ([low, high]) => Number(high) - Number(low) + 1,
    ),
    listenBacklog: readNumber("/proc/sys/net/core/somaxconn", /^(\d+)/, ([count]) => Number(count)),
    availableBytes: readNumber("/proc/meminfo", /^MemAvailable:\s+(\d+) kB/m, ([kib]) => Number(kib) * 1024),
  };
}

/** What one part of the run needs of one thing, and what there is. */
interface Need {
  readonly who: string;
  readonly what: "open files" | "local ports" | "MiB of memory" | "places in the listen queue";
  readonly count: number;
  readonly limit: number | null;
  /** Of the count, what does not grow with the connections. */
  readonly fixed: number;
  /** What else than fewer connections would do; empty for nothing. */
  readonly cure: string;
}

/** Everything that every arm needs, whether there is enough of it or not. */
export function resourceNeeds(
  arms: readonly ForetoldArm[],
  limits: MachineLimits,
): (Omit<Need, "cure" | "fixed"> & { readonly arm: string })[] {
  const processes = generatorProcesses(plansOf(arms), limits);
  return arms.flatMap((arm) =>
    needsOf(arm, limits, processes).map(({ who, what, count, limit }) => ({
      arm: arm.plan.name,
      who,
      what,
      count,
      limit,
    })),
  );
}

const mebibyte = 1024 * 1024;

/** @throws EnvironmentError naming the arm, what it needs, what there is, and what would do */
export function checkLimits(arms: readonly ForetoldArm[], limits: MachineLimits): void {
  const processes = generatorProcesses(plansOf(arms), limits);
  for (const arm of arms) {
    const { name, workload } = arm.plan;
    const { connections } = workload;
    const unmet = needsOf(arm, limits, processes).find(({ count, limit }) => limit !== null && count > limit);
    if (unmet === undefined || unmet.limit === null) continue;
    const { count, limit, fixed } = unmet;
    const fits = Math.max(0, Math.floor((connections * (limit - fixed)) / (count - fixed)));
    throw new EnvironmentError(
      `Cannot open ${connections} connections through arm ${name}: ${unmet.who} needs ${unmet.count} ` +
        `${unmet.what} and may have ${unmet.limit}; want at most about ${fits} connections${unmet.cure}`,
    );
  }
}

function plansOf(arms: readonly ForetoldArm[]): PlannedArm[] {
  return arms.map(({ plan }) => plan);
}

function needsOf(arm: ForetoldArm, limits: MachineLimits, processes: number): Need[] {
  const { connections, threads } = arm.plan.workload;
  const lanes = Math.max(processes, threads ?? 1);
  return [
    ...proxyFiles(arm, limits),
    ...portNeeds(arm, limits),
    {
      who: "the whole run",
      what: "MiB of memory",
      count: Math.ceil((connections * bytesEach(arm)) / mebibyte),
      limit: limits.availableBytes === null ? null : Math.floor(limits.availableBytes / mebibyte),
      fixed: 0,
      cure: "",
    },
    {
      who: "opening",
      what: "places in the listen queue",
      count: Math.min(connections, concurrentHandshakes * lanes),
      limit: limits.listenBacklog,
      fixed: 0,
      cure: ", fewer --threads, or a higher net.core.somaxconn",
    },
  ];
}

/** Generator and backend get further processes where one is not enough; a proxy has those of its config. */
function proxyFiles({ plan, proxy: { facts } }: ForetoldArm, { maxOpenFiles: limit }: MachineLimits): Need[] {
  const { target } = plan;
  const { connections } = plan.workload;
  const cure = ", or a higher ulimit -n";
  const what = "open files";
  if (target.kind === "embedded")
    return [{ who: "the relay", what, count: 2 * connections + spareFiles, limit, fixed: spareFiles, cure }];
  if (facts === null) return [];
  const { workers, filesPerConnection } = facts;
  const files = (filesPerConnection - 1) * connections + clientSockets(plan);
  const count = Math.ceil(files / workers) + spareFiles;
  return [
    { who: "each worker of the proxy", what, count, limit, fixed: spareFiles, cure: `, more workers${cure}` },
  ];
}

/** Loopback has addresses enough to connect from; what is elsewhere, or has few addresses behind it, has not. */
function portNeeds({ plan, proxy }: ForetoldArm, limits: MachineLimits): Need[] {
  const { target, workload } = plan;
  const what = "local ports";
  if (target.kind === "url") {
    const isNear = isLoopback(new URL(target.url).hostname);
    const count = clientSockets(plan);
    return isNear
      ? []
      : [{ who: "the generator", what, count, limit: limits.ephemeralPorts, fixed: 0, cure: "" }];
  }
  const count = workload.connections;
  const farSide = proxy.limits(limits).find(({ name }) => name === "upstream-ports");
  if (farSide === undefined) return [];
  return [{ who: "the proxy's far side", what, count, limit: farSide.foretold, fixed: 0, cure: "" }];
}

function readNumber(
  file: string,
  pattern: RegExp,
  toNumber: (groups: readonly string[]) => number,
): number | null {
  try {
    const match = pattern.exec(readFileSync(file, "latin1"));
    const value = match ? toNumber(match.slice(1)) : Number.NaN;
    return Number.isFinite(value) ? value : null;
  } catch {
    // Not Linux, or /proc is not mounted: the limit is unknown, and the load will meet it.
    return null;
  }
}
