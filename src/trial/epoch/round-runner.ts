/**
 * How the arms of a round are measured: one trial after the other, or side by side in the slots of an epoch. Either way
 * each arm has one record of it.
 */
import { type Prng, shuffled } from "../../base/prng.js";
import { untilBlockIsVoid } from "../agent-trials.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { SettledLoad, TrialPlace, TrialRunner } from "../series.js";
import type { TrialRecord } from "../trial-record.js";
import type { TrialSettings } from "../trial-settings.js";
import { runEpoch } from "./run-epoch.js";
import type { Sides } from "./sides.js";
import type { SlotPlan } from "./slot-plan.js";

interface RoundWish {
  readonly arms: readonly PreparedArm[];
  /** Of the round's first trial. */
  readonly place: TrialPlace;
  /** Draws the order. */
  readonly prng: Prng;
  readonly progress: (arm: PreparedArm) => TrialSettings["progress"];
  /** Records that are there, before the next trial begins. */
  readonly tell: (records: readonly TrialRecord[]) => Promise<void>;
}

/** @returns false where the block is void, and its other rounds would stand beside nothing */
export type RoundRunner = (wish: RoundWish) => Promise<boolean>;

interface RunnerSettings {
  readonly trial: TrialRunner;
  readonly loadOf: (arm: PreparedArm) => SettledLoad;
  readonly sides: Sides;
  readonly signal: AbortSignal;
}

/** @param slots null for one trial after the other */
export function roundRunner(settings: RunnerSettings, slots: SlotPlan | null): RoundRunner {
  return slots === null ? (wish) => oneByOne(wish, settings) : (wish) => inSlots(wish, settings, slots);
}

async function oneByOne(wish: RoundWish, { trial, loadOf }: RunnerSettings): Promise<boolean> {
  const { place, prng, progress, tell } = wish;
  for (const [index, arm] of shuffled(wish.arms, prng).entries()) {
    const own = { ...place, position: place.position + index };
    const record = await trial(arm, loadOf(arm), own, progress(arm)).catch(untilBlockIsVoid);
    if (record === null) return false;
    await tell([record]);
  }
  return true;
}

async function inSlots(
  { arms, place, prng, progress, tell }: RoundWish,
  { trial, loadOf, sides, signal }: RunnerSettings,
  plan: SlotPlan,
): Promise<boolean> {
  const load = loadOf(arms[0] as PreparedArm);
  await tell(await runEpoch({ arms, load, plan, place, prng, progress, trial, sides, signal }));
  return true;
}
