/** The question put to the judge after every block, and its answer. Plain data: the answer is stored as it is. */

import type { Reading } from "../reading.js";
import type { TrialOutcome } from "../trial-outcome.js";
import type { Comparison, InconclusiveReason } from "./comparison.js";
import type { DecisionPlan } from "./decision-plan.js";
import type { ComparisonSet } from "./family.js";
import type { UnjudgedReading } from "./judge-look.js";

/**
 * `gate` stops at the first worse; both stop when nothing that could be measured is inconclusive, unless a precision is asked
 * for. What was never measured (`not-measured`) is not waited for.
 */
type SeriesMode = "gate" | "compare";

export interface SeriesQuestion extends Omit<ComparisonSet, "otherMetrics"> {
  /** All trials so far, in any order. */
  readonly outcomes: readonly TrialOutcome[];
  /** Metrics to read without a verdict. Default: none. */
  readonly otherMetrics?: readonly string[];
  readonly plan: DecisionPlan;
  readonly mode: SeriesMode;
  /**
   * Stop instead at the first look at which every judged 95 % interval is within this share of its ratio, whatever the
   * verdicts. Null or absent: the verdicts decide.
   */
  readonly precision?: number | null;
  /**
   * The blocks have run out: time, an interrupt, or all that were planned. Not for a series that stopped because
   * a look decided it: that look's judgement stands, and asking again would grant it a second, wider level.
   */
  readonly ended: boolean;
}

/** Between two looks: how things stand, for progress. No verdict is hidden in it. */
export interface SeriesWaiting {
  readonly kind: "waiting";
  readonly stop: false;
  /** Complete blocks so far. */
  readonly blocks: number;
  readonly lostBlocks: number;
  /** Complete blocks at which the next look is due. */
  readonly nextLook: number;
  readonly readings: readonly Reading[];
}

/** What a look said. */
export interface SeriesJudged {
  readonly kind: "judged";
  /** Which look, from 0; null when the run ended with too few blocks for one. */
  readonly look: number | null;
  /** Complete blocks the verdicts rest on: the first that many, whatever came after. */
  readonly blocks: number;
  /** Lost blocks among and before them. */
  readonly lostBlocks: number;
  /** Alpha and alphaEq as spent at this look. */
  readonly familyLevel: number;
  readonly equivalenceLevel: number;
  /** No further block is wanted. */
  readonly stop: boolean;
  /** Every reason found in `comparisons`, once. */
  readonly reasons: readonly InconclusiveReason[];
  readonly comparisons: readonly Comparison[];
  readonly readings: readonly UnjudgedReading[];
}

export type SeriesJudgement = SeriesWaiting | SeriesJudged;
