/** Whether an arm ran under the same load in two runs: a ratio to it means another thing under another load. */
import type { RunDocument } from "../results/run-document.js";

/** Keys of a workload that plan the run or choose its tools, and ask nothing else of the proxy. */
const planKeys: ReadonlySet<string> = new Set([
  "seed",
  "blocks",
  "maxSeconds",
  "durationS",
  "warmupS",
  "threads",
  "engine",
  "split",
  "caFile",
]);

type ArmOfRun = readonly [document: RunDocument, arm: string];

/** `connections 100 and 1000`, every key that differs; null when none does. */
export function loadDifference(older: ArmOfRun, newer: ArmOfRun): string | null {
  const [before, after] = [workloadOf(older), workloadOf(newer)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !planKeys.has(key),
  );
  const differences = keys
    .map((key) => ({
      key,
      old: JSON.stringify(before[key] ?? null),
      new: JSON.stringify(after[key] ?? null),
    }))
    .filter((one) => one.old !== one.new)
    .map((one) => `${one.key} ${one.old} and ${one.new}`);
  return differences.length === 0 ? null : differences.join(", ");
}

function workloadOf([{ scenario }, name]: ArmOfRun): Readonly<Record<string, unknown>> {
  return scenario.arms.find((arm) => arm.name === name)?.workload ?? {};
}
