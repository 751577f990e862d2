/** How evenly a proxy's workers share connections and load, in words. */
import type { TrialResult } from "../../results/trial-schema.js";
import { formatCount, formatNumberOf, formatPercent } from "../words/format.js";
import { medianOf } from "../words/median.js";

type Cost = NonNullable<TrialResult["proxyCost"]>;
type Worker = NonNullable<Cost["workers"]>[number];

/** `2 workers: CPU 12 % to 48 % of a core (median 30 %), …`; nothing where one worker does it all. */
export function workerNotes(costs: readonly Cost[]): string[] {
  const all = costs.map(({ workers }) => workers ?? []).filter((workers) => workers.length > 1);
  if (all.length === 0) return [];
  const count = medianOf(all.map(({ length }) => length)).median ?? 0;
  const parts = [
    spreadWords("CPU", all, ({ cpuShare }) => cpuShare, formatPercent),
    spreadWords("descriptors", all, ({ descriptors }) => descriptors, formatCount),
  ];
  return [`${formatNumberOf(count, "worker")}: ${parts.filter((part) => part !== "").join("; ")}`];
}

/** Least, most and median of the workers, each the median over the trials. */
function spreadWords(
  what: string,
  trials: readonly (readonly Worker[])[],
  pick: (worker: Worker) => number | null,
  format: (value: number | null) => string,
): string {
  const known = trials
    .map((workers) => workers.map(pick).filter((value) => value !== null))
    .filter((values) => values.length > 0);
  if (known.length === 0) return "";
  const across = (of: (values: number[]) => number | null): string => format(medianOf(known.map(of)).median);
  const least = across((values) => Math.min(...values));
  const most = across((values) => Math.max(...values));
  return `${what} ${least} to ${most} each, median ${across((values) => medianOf(values).median)}`;
}
