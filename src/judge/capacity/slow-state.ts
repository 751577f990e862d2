/**
 * The second state that a busy proxy may have: a queue that has once built up makes each message dearer, by its memory and
 * the caches it no longer fits in, so that the proxy does not come back from a load which it carries with a short one.
 */
import type { ArmCapacity, CapacityStepResult } from "../../results/capacity-schema.js";
import { middleOf } from "../../stats/middle-of.js";

/** Steps at loads further apart are no two states of one load. */
const sameLoad = 1.1;
/** A queue that is no longer than this many times another's is no state of its own. */
const longerQueue = 5;
/** Trials of one config differ by 12 to 16 % in processor time a message; less than this is noise. */
const dearer = 1.2;

interface QueuedStep {
  readonly ratePerS: number;
  readonly inFlight: number;
  readonly cpuUsPerMessage: number;
}

/** The widest difference of two steps at one load; null where a message costs about the same in all. */
export function slowStateOf(
  steps: readonly CapacityStepResult[],
): NonNullable<ArmCapacity["slowState"]> | null {
  const told = steps.flatMap(toQueued);
  const found = told.flatMap((queued) => {
    const short = told.filter(
      (one) => isSameLoad(one, queued) && one.inFlight * longerQueue <= queued.inFlight,
    );
    const cpuUsPerMessage = middleOf(short.map((one) => one.cpuUsPerMessage));
    const inFlight = middleOf(short.map((one) => one.inFlight));
    if (cpuUsPerMessage === null || inFlight === null) return [];
    const { ratePerS } = queued;
    const long = { inFlight: queued.inFlight, cpuUsPerMessage: queued.cpuUsPerMessage };
    return [
      {
        ratePerS,
        factor: long.cpuUsPerMessage / cpuUsPerMessage,
        short: { inFlight, cpuUsPerMessage },
        long,
      },
    ];
  });
  const [widest] = found.sort((a, b) => b.factor - a.factor);
  return widest === undefined || widest.factor < dearer ? null : widest;
}

function isSameLoad(one: QueuedStep, other: QueuedStep): boolean {
  return Math.max(one.ratePerS, other.ratePerS) <= sameLoad * Math.min(one.ratePerS, other.ratePerS);
}

/** Of steps of the rate that say something of the proxy. */
function toQueued({ kind, outcome, ratePerS, inFlight, trial }: CapacityStepResult): QueuedStep[] {
  const cpuUsPerMessage = trial.proxyCost?.cpuUsPerMessage ?? null;
  const counts = (kind === "search" || kind === "sweep") && outcome !== "void";
  if (!counts || ratePerS === null || inFlight === null || cpuUsPerMessage === null) return [];
  return cpuUsPerMessage > 0 ? [{ ratePerS, inFlight, cpuUsPerMessage }] : [];
}
