/**
 * Says before any load what this machine cannot hold: open files of generator, backend and proxy, and the ports on
 * both hops.
 */
import { readFileSync } from "node:fs";
import { EnvironmentError } from "../base/errors.js";
import type { PlannedArm } from "../scenario/scenario.js";

/** Open files a process needs besides its connections. */
const spareFiles = 100;

export interface MachineLimits {
  /** Open files a process may have; null where the system does not tell. */
  readonly maxOpenFiles: number | null;
  /** Ports from one address to one other; null where the system does not tell. */
  readonly ephemeralPorts: number | null;
}

/** Reads the limits of this process and this network namespace; Linux only. */
export function readMachineLimits(): MachineLimits {
  return {
    maxOpenFiles: readNumber("/proc/self/limits", /^Max open files\s+\S+\s+(\d+)/m, ([hard]) => Number(hard)),
    ephemeralPorts: readNumber(
      "/proc/sys/net/ipv4/ip_local_port_range",
      /^(\d+)\s+(\d+)/,
      ([low, high]) => Number(high) - Number(low) + 1,
    ),
  };
}

/** @throws EnvironmentError naming the arm, what it needs, what there is, and what would do */
export function checkLimits(arms: readonly PlannedArm[], limits: MachineLimits): void {
  for (const arm of arms) {
    const { connections } = arm.workload;
    for (const need of needsOf(arm)) {
      const limit = need.of === "files" ? limits.maxOpenFiles : limits.ephemeralPorts;
      if (limit === null || need.count <= limit) continue;
      const fits = Math.max(0, Math.floor((connections * (limit - spareFiles)) / need.count));
      throw new EnvironmentError(
        `Cannot open ${connections} connections through arm ${arm.name}: ${need.who} needs ${need.count} ` +
          `${need.of === "files" ? "open files" : "local ports"} and may have ${limit}; ` +
          `want at most about ${fits} connections${need.cure}`,
      );
    }
  }
}

interface Need {
  readonly who: string;
  readonly of: "files" | "ports";
  readonly count: number;
  readonly cure: string;
}

function needsOf({ target, set, workload: { connections } }: PlannedArm): Need[] {
  const needs: Need[] = [
    { who: "the generator", of: "files", count: connections + spareFiles, cure: ", or a higher ulimit -n" },
    { who: "the generator's side", of: "ports", count: connections, cure: "" },
  ];
  if (target.kind === "url") return needs;
  needs.push({
    who: "the backend",
    of: "files",
    count: connections + spareFiles,
    cure: ", or a higher ulimit -n",
  });
  if (target.kind === "direct") return needs;
  const workers = Number(set.worker_processes ?? 1);
  if (target.kind === "embedded" || Number.isInteger(workers)) {
    const each = Math.ceil((2 * connections) / (Number.isInteger(workers) && workers > 0 ? workers : 1));
    needs.push({
      who: target.kind === "nginx" ? "each nginx worker" : "the relay",
      of: "files",
      count: each + spareFiles,
      cure:
        target.kind === "nginx"
          ? ", more worker_processes, or a higher ulimit -n"
          : ", or a higher ulimit -n",
    });
  }
  return needs;
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
