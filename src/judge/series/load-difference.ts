/** Whether an arm ran under the same load in two runs: a ratio to it means another thing under another load. */
import type { RunDocument } from "../../results/run-document.js";

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

/** What an arm's workload asks of the proxy, without what plans the run or chooses its tools. */
export type Load = Readonly<Record<string, unknown>>;

export function loadOf({ scenario }: RunDocument, arm: string): Load {
  const workload: Load = scenario.arms.find(({ name }) => name === arm)?.workload ?? {};
  return Object.fromEntries(Object.entries(workload).filter(([key]) => !planKeys.has(key)));
}

/** `connections 100 and 1000`, every key that differs; null when none does. */
export function loadDifference(older: ArmOfRun, newer: ArmOfRun): string | null {
  return differenceOfLoads(loadOf(...older), loadOf(...newer));
}

/** The same of two loads. A key that only one has is of a later version, and was at its default before. */
export function differenceOfLoads(before: Load, after: Load): string | null {
  const differences = Object.keys(before)
    .filter((key) => key in after)
    .map((key) => ({ key, old: inOrder(before[key]), new: inOrder(after[key]) }))
    .filter((one) => one.old !== one.new)
    .map((one) => `${one.key} ${one.old} and ${one.new}`);
  return differences.length === 0 ? null : differences.join(", ");
}

/** As JSON with its keys in order, which files that are stored with sorted keys have lost. */
function inOrder(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${inOrder(inner)}`);
  return `{${parts.join(",")}}`;
}
