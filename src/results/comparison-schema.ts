/**
 * One comparison in the run document: candidate over baseline in one metric, with its interval and verdict.
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";

const count = z.int().min(0);
const bound = z.number().min(0).nullable();

export const readingSchema = z.object({
  baseline: z.string(),
  candidate: z.string(),
  metric: z.enum(metricNames),
  /** Blocks used. */
  blocks: count,
  /** Candidate over baseline, as measured: above 1 is more of the metric; null for what is compared by its difference. */
  ratio: bound,
  /** 95 % interval of the ratio. */
  ciLow: bound,
  ciHigh: bound,
  /** Candidate less baseline, with its 95 % interval: of `stallsPerS`, which for most is 0 and has no ratio. */
  difference: z.number().nullable().optional(),
  differenceLow: z.number().nullable().optional(),
  differenceHigh: z.number().nullable().optional(),
});

export const comparisonSchema = z.object({
  ...readingSchema.shape,
  /** The interval at the levels that the verdict was tested at. */
  decisionLow: bound,
  decisionHigh: bound,
  /** As a share; of what is compared by its difference, that difference. */
  margin: z.number(),
  verdict: z.enum(["better", "worse", "equivalent", "inconclusive"]),
  /** What a difference that is real, though within the margin, leans to. */
  direction: z.enum(["better", "worse"]).nullable(),
  pWorse: z.number().nullable(),
  pBetter: z.number().nullable(),
  pEquivalent: z.number().nullable(),
  /** The smallest slowdown that this run would have shown 4 times in 5, as a share. */
  smallestEffect: z.number().nullable(),
  /** About how many blocks would show a difference as large as the margin. */
  blocksForMargin: z.number().nullable(),
  /** The p-values after Holm over all that was judged together. */
  adjustedWorse: z.number().nullable().optional(),
  adjustedBetter: z.number().nullable().optional(),
  /** The one-sided levels that the p-values were held against at the look that gave the verdict. */
  levelWorse: z.number().nullable().optional(),
  levelBetter: z.number().nullable().optional(),
  levelEquivalent: z.number().nullable().optional(),
  /** The interval at the level of the equivalence tests: "equivalent" only where all of it is within the margin. */
  equivalenceLow: bound.optional(),
  equivalenceHigh: bound.optional(),
  /** That look, from 0; null before the first. */
  look: z.int().min(0).nullable().optional(),
  /** Comparisons that shared the error with it: candidates times metrics. */
  family: z.int().min(1).optional(),
  /** Why there can be no verdict, as codes; empty where the numbers themselves decided, or could not. */
  reasons: z.array(z.string()),
});

export type PairReading = z.infer<typeof readingSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
