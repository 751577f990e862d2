/**
 * The highest rate of every arm that keeps the SLO, and its latencies below.
 */
import { EnvironmentError } from "../../base/errors.js";
import { createPrng, shuffled } from "../../base/prng.js";
import { longestWindowS, quantileNeeds } from "../../scenario/messages-needed.js";
import type { Workload } from "../../scenario/workload.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { TrialLoad } from "../series.js";
import type { CapacityWork } from "./capacity-work.js";
import { posteriorSoFar, type RateProbe, type RateSearch, searchRate } from "./rate-search.js";
import type { StepRunner } from "./step-runner.js";

/** What an arm carried in a closed loop, and about how much it can carry; null where no load passed. */
export interface ArmEdge {
  readonly closedLoopPerS: number;
  readonly edgePerS: number | null;
}

/** Long enough to settle and to count; its latencies are not used. */
const closedLoopTrial: TrialLoad = { ratePerS: null, warmupS: 0.5, durationS: 1 };
/** Doubling begins at this share of what a closed loop carries: a load that keeps any SLO that can be kept. */
const firstShare = 1 / 4;
/** Of the edge, for the latency curve below it; around it the search has its steps. */
const sweepShares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** A queue that grows by one percent of a second's messages is 20 ms long after two seconds, and would pass after one. */
const leastSearchWindowS = 2;
/** Of the load: by so much too much has to break the SLO's latency within a window. */
const overloadTold = 0.05;
const sweepWindowS = 1;
/** For a low rate a window lasts until the SLO's percentile has values enough beyond it to be told at all. */
const longestForPercentileS = 20;
const beyondPercentile = 12;
const warmupMessagesPerConnection = 20;

interface Search {
  readonly arm: PreparedArm;
  readonly closedLoopPerS: number;
  readonly first: number;
  readonly history: RateProbe[];
}

/** @throws EnvironmentError when an arm answers nothing at all */
export async function findRates({
  settings,
  arms,
  run,
  hasTime,
}: CapacityWork): Promise<ReadonlyMap<string, ArmEdge>> {
  const searches: Search[] = [];
  for (const { arm } of arms) searches.push(await beginSearch(arm, run));
  if (settings.by !== "connections") {
    const leastS = searchWindowS(settings.latencyLimitS);
    for (;;) {
      const next = searches.flatMap((search) => {
        const state = searchRate(search.first, search.history);
        return state.kind === "probe" ? [{ search, load: state.load }] : [];
      });
      if (next.length === 0 || !hasTime()) break;
      for (const { search, load } of next) {
        const times = rateStepTimes(search.arm.plan.workload, load, {
          quantile: settings.quantile,
          leastS,
        });
        const { outcome } = await run(search.arm, { kind: "search", load: { ratePerS: load, ...times } });
        search.history.push({ load, outcome });
      }
    }
    await sweep(searches, { settings, arms, run, hasTime });
  }
  return new Map(
    searches.map((search) => [
      search.arm.plan.name,
      { closedLoopPerS: search.closedLoopPerS, edgePerS: edgeOf(search) },
    ]),
  );
}

async function beginSearch(arm: PreparedArm, run: StepRunner): Promise<Search> {
  const { record } = await run(arm, { kind: "closed-loop", load: closedLoopTrial });
  const closedLoopPerS = (record.counts.repliesInWindow * 1e9) / record.durationNs;
  if (!(closedLoopPerS > 0)) {
    const [first] = record.failures;
    throw new EnvironmentError(
      `Cannot search: arm ${arm.plan.name} answered no message in a closed loop` +
        (first ? ` (${first.kind}: ${first.example})` : ""),
    );
  }
  return { arm, closedLoopPerS, first: Math.max(1, Math.round(closedLoopPerS * firstShare)), history: [] };
}

/** In an order drawn anew, so that a drift of the machine is no slope of the curve. */
async function sweep(searches: readonly Search[], { settings, run, hasTime }: CapacityWork): Promise<void> {
  const prng = createPrng(settings.seed);
  for (const share of shuffled(sweepShares, prng)) {
    for (const search of searches) {
      const edge = edgeOf(search);
      if (edge === null || !hasTime()) continue;
      const ratePerS = Math.max(1, edge * share);
      const { quantile } = settings;
      const times = rateStepTimes(search.arm.plan.workload, ratePerS, { quantile, leastS: sweepWindowS });
      await run(search.arm, { kind: "sweep", load: { ratePerS, ...times } });
    }
  }
}

function edgeOf({ first, history }: Search): number | null {
  const state: RateSearch = searchRate(first, history);
  if (state.kind === "found") return state.posterior.median;
  if (state.kind === "generator-limit") return state.passed;
  return state.kind === "never" ? null : (posteriorSoFar(first, history)?.median ?? null);
}

/** Seconds, at least, in which the search's steps measure. */
export function searchWindowS(latencyLimitS: number | null): number {
  return Math.min(longestWindowS, Math.max(leastSearchWindowS, (latencyLimitS ?? 0) / overloadTold));
}

interface WindowWish {
  readonly quantile: number | null;
  readonly leastS: number;
}

/**
 * How long a step warms up and measures, by the rules of the trial plan; pure. A duration that was asked for is kept to,
 * unless the SLO's percentile could not be told within it.
 */
export function rateStepTimes(
  workload: Pick<Workload, "connections" | "warmupS" | "durationS">,
  ratePerS: number,
  { quantile, leastS }: WindowWish,
): { warmupS: number; durationS: number } {
  const needed = quantile === null ? 0 : quantileNeeds(quantile) / ratePerS;
  const telling = quantile === null ? 0 : beyondPercentile / (1 - quantile) / ratePerS;
  const usual = workload.durationS ?? Math.min(longestWindowS, Math.max(leastS, needed));
  const warm = (workload.connections * warmupMessagesPerConnection) / ratePerS;
  return {
    warmupS: workload.warmupS ?? Math.min(1, Math.max(0.25, warm)),
    durationS: Math.max(usual, Math.min(longestForPercentileS, telling)),
  };
}
