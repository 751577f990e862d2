/** One arm over another within their run, block by block: a reading of any two arms, whatever the run compared. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { MetricName } from "../../scenario/metric.js";
import { walshAverages } from "../../stats/walsh-averages.js";
import { type Reading, read } from "../reading.js";
import { toOutcome } from "../trial-metrics.js";
import { finishedBlocks, isComplete } from "./finished-blocks.js";
import { logRatios } from "./log-ratios.js";

interface ArmPair {
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
 * One trial of each arm a block. A baseline with candidates in several rounds has a trial in each; it stands beside a
 * candidate with that of the candidate's own round. Arms of different rounds were never side by side.
 */
function trialsSideBySide(before: Trials, after: Trials): [Trials, Trials] {
  const blocks = [...new Set([...before, ...after].map(({ block }) => block))];
  const chosen = blocks.map((block): [Trials, Trials] => {
    const [some, others] = [before, after].map((trials) => trials.filter((trial) => trial.block === block));
    const pairs = (some ?? []).flatMap((one) => (others ?? []).map((other) => ({ one, other })));
    const pair = pairs.find(
      ({ one, other }) => one.round === undefined || other.round === undefined || one.round === other.round,
    );
    return pair === undefined ? [[], []] : [[pair.one], [pair.other]];
  });
  return [chosen.flatMap(([one]) => one), chosen.flatMap(([, other]) => other)];
}
