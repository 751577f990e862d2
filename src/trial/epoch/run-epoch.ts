/**
 * One epoch of a round: a fresh proxy for every arm, all of them with their connections, and the load at one of them at a
 * time. Each arm comes out of it with one record, as of a trial alone.
 */
import { type Prng, shuffled } from "../../base/prng.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { TrialLoad, TrialPlace, TrialRunner } from "../series.js";
import type { TrialRecord } from "../trial-record.js";
import type { TrialSettings } from "../trial-settings.js";
import { Meeting } from "./meeting.js";
import type { Sides } from "./sides.js";
import { drawEpoch, type SlotPlan } from "./slot-plan.js";

interface EpochSettings {
  readonly arms: readonly PreparedArm[];
  readonly load: TrialLoad;
  readonly plan: SlotPlan;
  /** Of the first arm's trial. */
  readonly place: TrialPlace;
  /** One for each arm of a round, at least. */
  readonly sides: Sides;
  readonly trial: TrialRunner;
  readonly prng: Prng;
  readonly signal: AbortSignal;
  readonly progress: (arm: PreparedArm) => TrialSettings["progress"];
}

/** @returns the records, in the order in which the arms had their first turn @throws as the first trial that fails */
export async function runEpoch(settings: EpochSettings): Promise<TrialRecord[]> {
  const { load, plan, place, sides, trial, prng, progress } = settings;
  const arms = shuffled(settings.arms, prng);
  const epoch = drawEpoch(plan, load.ratePerS ?? 0, arms.length, prng);
  const early = new AbortController();
  const signal = AbortSignal.any([settings.signal, early.signal]);
  const meeting = new Meeting(arms.length, signal);
  // Or a backend that is a little faster would be an arm's for the whole run.
  const backends = shuffled([...sides.pools.keys()], prng);
  const trials = arms.map(async (one, turn) => {
    const arm = sides.behind(one, backends[turn] ?? 0);
    const slots = epoch.arms[turn];
    const pool = sides.pools[turn];
    if (slots === undefined || pool === undefined)
      throw new RangeError(`Turn ${turn} has no slots, or no pool`);
    const { warmupS, durationS } = epoch;
    const whole = { ratePerS: load.ratePerS, warmupS, durationS };
    // What all of them do at once is told of the first.
    const tell = turn === 0 ? progress(arm) : () => undefined;
    const own = { pool, signal, shared: { slots, meeting, turn } };
    return await trial(arm, whole, { ...place, position: place.position + turn }, tell, own).catch(
      (thrown: unknown) => {
        early.abort(thrown);
        throw thrown;
      },
    );
  });
  await Promise.allSettled(trials);
  return await Promise.all(trials);
}
