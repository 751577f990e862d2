/**
 * What a stored run says of the next one like it: how many blocks its standard errors call for, and how long they take.
 * This, a place in the history and a warning is all that a stored run is good for (docs/statistics.md, Stored
 * baselines and history).
 */
import type { Baseline } from "../../results/baseline-schema.js";
import { blocksToProveEquivalent, blocksToSee, minimumDetectableEffect } from "../../stats/resolution.js";
import { defaultDecisionPlan } from "./decision-plan.js";

type StoredComparison = Baseline["comparisons"][number];

export interface PlannedComparison {
  readonly comparison: StoredComparison;
  /** Blocks of the look at which a slowdown of the margin would be shown, four times in five. */
  readonly blocksToSee: number | null;
  /** The same for equality, within the margin. */
  readonly blocksToProve: number | null;
  /** The slowdown that the last look would catch four times in five, as a share. */
  readonly smallestEffect: number | null;
}

export interface BaselinePlan {
  readonly comparisons: readonly PlannedComparison[];
  /** Until every comparison is decided either way; null where no standard error is known. */
  readonly blocks: number | null;
  /** Metrics of comparisons without a standard error, of which nothing is foretold. */
  readonly unknown: readonly string[];
  readonly seconds: number | null;
  /** Blocks of the last look: a run has no more. */
  readonly blocksMax: number;
}

export function planFromBaseline({ comparisons, secondsPerBlock }: Baseline): BaselinePlan {
  const planned = comparisons.map((comparison) => planComparison(comparison, comparisons.length));
  const needs = planned.flatMap(({ blocksToSee, blocksToProve }) => [blocksToSee, blocksToProve]);
  const known = needs.flatMap((need) => need ?? []);
  const blocks = known.length === 0 ? null : Math.max(...known);
  const without = planned.filter(({ blocksToSee }) => blocksToSee === null);
  return {
    comparisons: planned,
    blocks,
    unknown: [...new Set(without.map(({ comparison }) => comparison.metric))],
    // One block more goes to the burn-in.
    seconds: blocks === null || secondsPerBlock === null ? null : (blocks + 1) * secondsPerBlock,
    blocksMax: defaultDecisionPlan.looks.at(-1) ?? 0,
  };
}

/** @param family comparisons tested together: Holm's first step divides the level by their number */
function planComparison(comparison: StoredComparison, family: number): PlannedComparison {
  const { se, blocks, margin } = comparison;
  const { alpha, alphaEq, looks, fractions, fractionsEq } = defaultDecisionPlan;
  if (se === null || se === 0 || blocks === 0) {
    return { comparison, blocksToSee: null, blocksToProve: null, smallestEffect: null };
  }
  const last = { share: fractions.at(-1) ?? 1, blocks: looks.at(-1) ?? blocks };
  return {
    comparison,
    blocksToSee: atLook(fractions, (share) =>
      blocksToSee(margin, blocks, { se, level: (alpha * share) / family, threshold: 0 }),
    ),
    blocksToProve: atLook(fractionsEq, (share) =>
      blocksToProveEquivalent(margin, blocks, { se, level: alphaEq * share }),
    ),
    smallestEffect: minimumDetectableEffect({
      se: se * Math.sqrt(blocks / last.blocks),
      level: (alpha * last.share) / family,
      threshold: 0,
    }),
  };
}

/** The first look that has the blocks that its own level calls for; beyond the last look what that one would want. */
function atLook(shares: readonly number[], need: (share: number) => number | null): number | null {
  const { looks } = defaultDecisionPlan;
  const needs = shares.map(need);
  const enough = looks.find((look, i) => (needs[i] ?? Number.POSITIVE_INFINITY) <= look);
  return enough ?? needs.at(-1) ?? null;
}
