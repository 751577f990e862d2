/** One arm over another within their run, block by block: a reading of any two arms, whatever the run compared. */
import type { RunDocument } from "../results/run-document.js";
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

/** Over the blocks that are complete for these two. */
export function readPair({ arms, scenario }: RunDocument, pair: ArmPair): Reading {
  const names = [pair.baseline, pair.candidate];
  const outcomes = arms
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, trials }) => trials.map((trial) => toOutcome(name, trial, scenario.metrics)));
  const blocks = finishedBlocks(outcomes, names).filter(isComplete);
  return read(pair, walshAverages(logRatios(blocks, pair).differences));
}
