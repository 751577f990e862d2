/** Whether a stored baseline may say anything of a run: the same question, asked on the same machine. */
import type { Baseline } from "../../results/baseline-schema.js";
import { type Machine, machineDifferences, machineOf } from "../../results/machine-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { differenceOfLoads, loadOf } from "../series/load-difference.js";
import { armMedians, buildDigest } from "./to-baseline.js";

/** The arms, loads and metrics are those of the run; the run need not have begun. */
export function asksTheSame({ scenario, arms, comparisons }: Baseline, document: RunDocument): boolean {
  const wanted = document.scenario;
  if (scenario !== wanted.name || arms.length !== wanted.arms.length) return false;
  const hasMetrics = wanted.metrics.every((metric) => comparisons.some((one) => one.metric === metric));
  return (
    hasMetrics &&
    wanted.arms.every(({ name, group }) => {
      const stored = arms.find((arm) => arm.name === name && arm.group === group);
      return stored !== undefined && differenceOfLoads(stored.load, loadOf(document, name)) === null;
    })
  );
}

/** `processor: A there, B here`, every difference; null on the same machine. */
export function otherMachine({ machine }: Baseline, here: Machine): string | null {
  const differences = machineDifferences(machine, here);
  if (differences.length === 0) return null;
  return differences.map(({ what, before, after }) => `${what} ${before} there, ${after} here`).join("; ");
}

/** Beyond this factor something else than noise is at work, on the same machine too. */
const movedFactor = 3;

/**
 * Warnings for a baseline arm that is far from where it was stored. Never a verdict: on one machine and in one run the same
 * config has cost twice what it cost a minute later.
 */
export function movedWarnings(stored: Baseline, document: RunDocument): RunDocument["warnings"] {
  if (otherMachine(stored, machineOf(document.environment)) !== null) return [];
  return stored.arms
    .filter(({ isBaseline }) => isBaseline)
    .flatMap((before) => {
      const arm = document.arms.find(({ name }) => name === before.name);
      if (arm === undefined || !isSameProxy(before, arm.proxy)) return [];
      const now = armMedians(arm, document.scenario.metrics);
      const moved = Object.entries(now).flatMap(([metric, value]) => {
        const then = before.medians[metric];
        const factor = then === undefined || then === 0 ? 1 : value / then;
        return Math.max(factor, 1 / factor) > movedFactor ? [`${metric} ${factorText(factor)}`] : [];
      });
      if (moved.length === 0) return [];
      const message = `${arm.name}: ${moved.join(", ")} what it was in the stored baseline ${stored.name} (${stored.startedAt.slice(0, 10)}), with the same config on the same machine: something else changed, so look at the machine before the verdict`;
      return [{ code: "stored-baseline-moved", message }];
    });
}

function isSameProxy(before: Baseline["arms"][number], proxy: RunDocument["arms"][number]["proxy"]): boolean {
  return (
    before.kind === proxy.kind &&
    before.version === proxy.version &&
    before.buildSha256 === buildDigest(proxy) &&
    before.configSha256 === proxy.configSha256
  );
}

function factorText(factor: number): string {
  return `${factor.toPrecision(2)} times`;
}
