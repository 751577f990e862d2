/**
 * How long a run will take, before anything has run: the trial plan's own times where they are known, and between a fast
 * and a slow machine where they hang on the rate that the baseline turns out to carry. The burn-in tells better.
 */
import type { Scenario } from "../scenario/scenario.js";
import type { Workload } from "../scenario/workload.js";
import { bearableTriesMost } from "./bearable-rate.js";
import { warmupInSlots } from "./epoch/slot-plan.js";
import type { ForetoldArm } from "./foretell-arms.js";
import { mostBlocks, mostBlocksForPrecision, planTrialTimes } from "./plan-trial.js";

export interface Span {
  readonly low: number;
  readonly high: number;
}

interface TimeEstimate {
  /** Of the shortest and the longest trial, in seconds. */
  readonly trialS: Span;
  readonly blockS: Span;
  readonly totalS: Span;
  /** Blocks that the slow end has time for, at most those of the last look. */
  readonly mostBlocks: number;
  readonly how: string;
}

interface Machine {
  /** Connections opened a second, plain and with a full TLS handshake. */
  readonly opensPerS: number;
  readonly tlsOpensPerS: number;
  /** Messages a second, where the workload does not say. */
  readonly messagesPerS: number;
}

const fast: Machine = { opensPerS: 10_000, tlsOpensPerS: 2000, messagesPerS: 40_000 };
const slow: Machine = { opensPerS: 2000, tlsOpensPerS: 400, messagesPerS: 4000 };
/** Starting and stopping the proxy, draining, and the pause between two trials. */
const overheadS = 0.4;
/** Warm-up and window of the closed loop that settles a load, and of each try at a paced one. */
const calibrationS = 1.5;
const pacedTryS = 0.75;

/** What is to be estimated: a scenario's plan, with what its arms' configs say. */
interface TimeQuestion {
  readonly scenario: Scenario;
  readonly arms: readonly ForetoldArm[];
  /** Complete blocks at the run's first look, the earliest at which it can end. */
  readonly firstLook: number;
  /** Whether the arms of a block are to run side by side, in slots: their proxies start and stop together. */
  readonly inSlots: boolean;
}

export function estimateTime({ scenario, arms, firstLook, inSlots }: TimeQuestion): TimeEstimate {
  const trials = (machine: Machine): Map<string, number> =>
    new Map(arms.map((arm) => [arm.plan.name, trialSeconds(arm, { scenario, inSlots }, machine)]));
  const [low, high] = [trials(fast), trials(slow)];
  const blockS = { low: blockSeconds(scenario, low, inSlots), high: blockSeconds(scenario, high, inSlots) };
  const calibrated = groupsOf(scenario, ["closed", "paced"]);
  const startSeconds = (tries: number): number =>
    calibrated * (calibrationS + overheadS) + groupsOf(scenario, ["paced"]) * tries * (pacedTryS + overheadS);
  const startS = { low: startSeconds(1), high: startSeconds(bearableTriesMost) };
  const most = mostBlocksOf(scenario, { blockS: blockS.high, startS: startS.high });
  const least = Math.min(scenario.blocks ?? firstLook, most);
  const burntIn = scenario.burnIn === "one" ? 1 / scenario.rounds.flat().length : 1;
  const total = (blocks: number, end: keyof Span): number => startS[end] + (burntIn + blocks) * blockS[end];
  const cap = scenario.maxSeconds ?? Number.POSITIVE_INFINITY;
  return {
    trialS: { low: Math.min(...low.values()), high: Math.max(...high.values()) },
    blockS,
    totalS: {
      low: Math.min(cap, total(least, "low")),
      high: Math.max(Math.min(cap, total(most, "high")), total(1, "high")),
    },
    mostBlocks: most,
    how: howItWasEstimated(scenario, calibrated, inSlots),
  };
}

/** How many loads are settled that are of these kinds. */
function groupsOf({ arms }: Scenario, kinds: readonly Workload["loop"]["kind"][]): number {
  return new Set(arms.filter(({ workload }) => kinds.includes(workload.loop.kind)).map(({ group }) => group))
    .size;
}

function trialSeconds(
  { plan, proxy }: ForetoldArm,
  { scenario, inSlots }: Pick<TimeQuestion, "scenario" | "inSlots">,
  machine: Machine,
): number {
  const { workload } = plan;
  const opensPerS = workload.rampPerS ?? (proxy.tls ? machine.tlsOpensPerS : machine.opensPerS);
  const messagesPerS = workload.loop.kind === "open" ? workload.loop.ratePerS : machine.messagesPerS;
  const { warmupS, durationS } = planTrialTimes(workload, messagesPerS, scenario);
  const warmsUpS = inSlots ? warmupInSlots(workload.warmupS, warmupS) : warmupS;
  return overheadS + workload.connections / opensPerS + warmsUpS + durationS;
}

/** A baseline with many candidates has a trial in each of its rounds. */
function blockSeconds({ rounds }: Scenario, trials: ReadonlyMap<string, number>, inSlots: boolean): number {
  const saved = inSlots ? overheadS * (rounds.flat().length - rounds.length) : 0;
  return rounds.flat().reduce((sum, name) => sum + (trials.get(name) ?? 0), -saved);
}

function mostBlocksOf(
  { blocks, maxSeconds, precision }: Scenario,
  { blockS, startS }: { readonly blockS: number; readonly startS: number },
): number {
  const last = blocks ?? (precision === null ? mostBlocks : mostBlocksForPrecision);
  // One block's time goes to the burn-in.
  const fitting = maxSeconds === null ? last : Math.floor((maxSeconds - startS) / blockS) - 1;
  return Math.max(1, Math.min(last, fitting));
}

function howItWasEstimated({ rounds, arms, burnIn }: Scenario, calibrated: number, inSlots: boolean): string {
  const counted = [
    ...(calibrated > 0 ? [`${calibrated} calibrations of ${calibrationS} s`] : []),
    burnIn === "one" ? "a burn-in of one trial" : `a burn-in of ${arms.length} trials`,
    `then ${rounds.flat().length} trials a block${inSlots ? ", side by side with the load at one at a time, in slots of 0.1 s or more" : ""}`,
  ].join(", ");
  const opens = `${slow.opensPerS} to ${fast.opensPerS} connections opened a second (${slow.tlsOpensPerS} to ${fast.tlsOpensPerS} with TLS)`;
  const sends = `${slow.messagesPerS} to ${fast.messagesPerS} messages a second where no rate is given`;
  return `${counted}; a trial is ${overheadS} s to start and stop, the opening at ${opens}, warm-up and window by the trial plan at ${sends}. The burn-in measures it.`;
}
