/**
 * The trials before the first block, thrown away: they warm up what lasts, show how much of their processors the parts use, and
 * in slots which proxies are at work while nothing is asked of them.
 */
import { monotonicClock } from "../base/clock.js";
import { createPrng } from "../base/prng.js";
import type { Scenario } from "../scenario/scenario.js";
import { idleWorker, idleWorkWords } from "./epoch/idle-work.js";
import type { RoundRunner } from "./epoch/round-runner.js";
import type { SlotPlan } from "./epoch/slot-plan.js";
import type { PreparedArm } from "./prepare-arms.js";
import { leaveTime, type RealTimeParts } from "./real-time.js";
import { type Calibration, outsideBlocks, type SeriesObserver } from "./series.js";
import { storeInPause } from "./store-in-pause.js";
import { trafficOf } from "./traffic.js";
import type { TrialRecord } from "./trial-record.js";
import type { TrialSettings } from "./trial-settings.js";
import type { Stage } from "./with-stage.js";

interface BurnInSettings extends Pick<Stage, "arms" | "placement" | "realTime"> {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly observer: SeriesObserver;
  readonly signal: AbortSignal;
  readonly calibration: Calibration;
  /** As blocks would be measured. */
  readonly run: RoundRunner;
  /** Null for one trial after the other. */
  readonly slots: SlotPlan | null;
}

interface BurnIn {
  /** How long a block takes, in nanoseconds; a baseline has a trial in each of its rounds. */
  readonly blockNs: number;
  /** Which parts have real-time priority from now on. */
  readonly realTime: RealTimeParts;
  /** Why slots, which would fit, are not to be taken; null where they are, or would not have been. */
  readonly whyBlocks: string | null;
}

/** What runs side by side within a block. */
interface RoundOfArms {
  readonly round: number;
  readonly arms: readonly PreparedArm[];
}

export function roundsOf({ scenario, arms }: Pick<BurnInSettings, "scenario" | "arms">): RoundOfArms[] {
  return scenario.rounds.map((names, round) => ({
    round,
    arms: names.flatMap((name) => arms.filter(({ plan }) => plan.name === name)),
  }));
}

/** At real-time priority where the load is by a schedule, and every arm was seen to leave the processors time. */
export async function burnIn(settings: BurnInSettings): Promise<BurnIn> {
  const { arms, scenario, calibration, placement, slots } = settings;
  const isScheduled = arms.every((arm) => calibration.loadOf(arm).ratePerS !== null);
  const isSeen = isScheduled && scenario.burnIn === "each";
  const spins = arms.some((arm) => arm.plan.workload.busyPoll);
  const { proxies, ends } = settings.realTime.take({ proxies: isSeen, ends: isSeen && !spins });
  const { blockNs, records } = await burnRounds(settings);
  const left = leaveTime(records, placement);
  const realTime = settings.realTime.take({ proxies: proxies && left.proxies, ends: ends && left.ends });
  const worker = slots === null || scenario.interleave === "slots" ? null : idleWorker(records);
  return { blockNs, realTime, whyBlocks: worker === null ? null : idleWorkWords(worker) };
}

/**
 * One trial of every arm, as it will be measured: in slots an epoch of every round. Or one for all, which warms the generator
 * and the backend up: a proxy is a fresh process in each trial.
 */
async function burnRounds({
  arms,
  observer,
  signal,
  scenario,
  seed,
  run,
  slots,
}: BurnInSettings): Promise<{ blockNs: number; records: TrialRecord[] }> {
  const startNs = monotonicClock.now();
  const records: TrialRecord[] = [];
  const burnt = scenario.burnIn === "one" ? arms.slice(0, 1) : arms;
  const rounds = slots === null ? [{ round: 0, arms: burnt }] : roundsOf({ scenario, arms });
  const prng = createPrng(seed);
  for (const { arms: side } of rounds) {
    const progress = (arm: PreparedArm): TrialSettings["progress"] => {
      return (_phase, live) =>
        observer.progress({ phase: "burn-in", arm, block: -1, blocks: null, live, secondsLeft: null });
    };
    const tell = (told: readonly TrialRecord[]): Promise<void> =>
      storeInPause(async () => {
        for (const record of told)
          observer.sentAside(armNamed(record.arm, arms), "burnIn", trafficOf(record));
        records.push(...told);
      }, signal);
    await run({ arms: side, place: outsideBlocks, prng, progress, tell });
  }
  const blockNs = ((monotonicClock.now() - startNs) * scenario.rounds.flat().length) / records.length;
  return { blockNs, records };
}

function armNamed(name: string, arms: readonly PreparedArm[]): PreparedArm {
  const arm = arms.find(({ plan }) => plan.name === name);
  if (arm === undefined) throw new RangeError(`No arm is named ${name}`);
  return arm;
}
