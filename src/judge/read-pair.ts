/** One arm over another within their run, block by block: a reading of any two arms, whatever the run compared. */
import type { ArmResult, RunDocument } from "../results/run-document.js";
import type { MetricName } from "../scenario/metric.js";
import { walshAverages } from "../stats/walsh-averages.js";
import { finishedBlocks, isComplete } from "./finished-blocks.js";
import { logRatios } from "./log-ratios.js";
import { type Reading, read } from "./reading.js";
import { toOutcome } from "./trial-metrics.js";

export interface ArmPair {
  readonly baseline: string;
  readonly candidate: string;
  readonly metric: MetricName;
}

type Trials = ArmResult["trials"];

/** Over the blocks that are complete for these two. */
export function readPair({ arms, scenario }: RunDocument, pair: ArmPair): Reading {
  const names = [pair.baseline, pair.candidate];
  const [before, after] = names.map((name) => arms.find((arm) => arm.name === name)?.trials ?? []);
  const outcomes = trialsSideBySide(before ?? [], after ?? []).flatMap((trials, i) =>
    trials.map((trial) => toOutcome(names[i] ?? "", trial, scenario.metrics)),
  );
  const blocks = finishedBlocks(outcomes, names).filter(isComplete);
  return read(pair, walshAverages(logRatios(blocks, pair).differences));
}

/**
 * One trial of each arm a block. An arm that ran several times in a block stands beside the other with the trial that
 * was nearest in time: the noise of a pair grows with its distance (statistics.md, table E).
 */
function trialsSideBySide(before: Trials, after: Trials): [Trials, Trials] {
  const blocks = [...new Set([...before, ...after].map(({ block }) => block))];
  const chosen = blocks.map((block): [Trials, Trials] => {
    const [some, others] = [before, after].map((trials) => trials.filter((trial) => trial.block === block));
    const pairs = (some ?? []).flatMap((one) =>
      (others ?? []).map((other) => ({ one, other, gap: gapOf(one, other) })),
    );
    const [nearest] = pairs.sort((a, b) => a.gap - b.gap);
    if (nearest !== undefined) return [[nearest.one], [nearest.other]];
    return [(some ?? []).slice(0, 1), (others ?? []).slice(0, 1)];
  });
  return [chosen.flatMap(([one]) => one), chosen.flatMap(([, other]) => other)];
}

function gapOf(one: Trials[number], other: Trials[number]): number {
  return Math.abs(Date.parse(one.startedAt) - Date.parse(other.startedAt));
}
