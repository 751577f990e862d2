/** A finished run into its place in the history: every ratio between two arms under one load. */
import type { HistoryEntry } from "../../results/history-entry.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import { worseSign } from "../series/log-ratios.js";
import { readPair } from "../series/read-pair.js";
import { armIdentity, isBaseline, runIdentity } from "./run-identity.js";

/** Beyond so many arms of one load only ratios to its baselines are kept: all pairs of 20 arms would be 190. */
const allPairsMax = 6;

/** @returns null for a run that did not finish, or has no ratio to tell */
export function toHistoryEntry(document: RunDocument): HistoryEntry | null {
  if (document.status !== "complete") return null;
  const ratios = pairsOf(document).flatMap((pair) => readRatios(document, pair));
  if (ratios.length === 0) return null;
  return {
    ...runIdentity(document),
    arms: document.arms.map((arm) => armIdentity(document, arm)),
    ratios,
  };
}

interface OrderedPair {
  readonly arm: string;
  readonly reference: string;
}

/** Each pair once, the baseline as its reference: the other way round is the same number with its sign turned. */
function pairsOf(document: RunDocument): OrderedPair[] {
  const { arms } = document;
  return [...new Set(arms.map(({ group }) => group))].flatMap((group) => {
    const members = arms.filter((arm) => arm.group === group);
    const ordered = [...members].sort(
      (a, b) => Number(isBaseline(document, b)) - Number(isBaseline(document, a)),
    );
    const references =
      ordered.length > allPairsMax ? ordered.filter((arm) => isBaseline(document, arm)) : ordered;
    return references.flatMap((reference, at) =>
      ordered.slice(at + 1).map((arm) => ({ arm: arm.name, reference: reference.name })),
    );
  });
}

function readRatios(document: RunDocument, { arm, reference }: OrderedPair): HistoryEntry["ratios"] {
  return document.scenario.metrics.flatMap((metric) => {
    if (isByDifference(metric)) return [];
    const { n, estimate, se } = readPair(document, { baseline: reference, candidate: arm, metric });
    if (estimate === null || !Number.isFinite(estimate)) return [];
    const logRatio = rounded(worseSign(metric) * estimate);
    return [{ arm, reference, metric, blocks: n, logRatio, se: se === null ? null : rounded(se) }];
  });
}

/** A millionth of the reference is finer than any run reads. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
