/**
 * The Universal Scalability Law over arms that differ in their number of workers alone.
 */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { proxyKindOf, workersSetting } from "../../scenario/proxy-kind.js";
import { fitScalability } from "../../stats/universal-scalability.js";

/** Of the first arms that can be fitted; null where there are none. */
export function workerScaling(
  planned: RunDocument["scenario"]["arms"],
  capacities: readonly ArmCapacity[],
): Capacity["scalability"] {
  const families = new Map<string, ArmCapacity[]>();
  for (const capacity of capacities) {
    const arm = planned.find(({ name }) => name === capacity.arm);
    const kind = proxyKindOf(arm?.arm ?? "");
    const others = Object.entries(arm?.set ?? {}).filter(
      ([name]) => kind === null || name !== workersSetting[kind],
    );
    const key = JSON.stringify([arm?.arm, others.sort(), arm?.workload]);
    families.set(key, [...(families.get(key) ?? []), capacity]);
  }
  for (const family of families.values()) {
    const points = family.flatMap(({ workers, ratePerS }) =>
      ratePerS === null || ratePerS.isAtLeast ? [] : [{ workers, carried: ratePerS.value }],
    );
    const fit = fitScalability(points);
    if (fit === null) continue;
    const { perWorker: perWorkerPerS, contention, coherency } = fit;
    return { arms: family.map(({ arm }) => arm), perWorkerPerS, contention, coherency };
  }
  return null;
}
