/**
 * What an axis of a matrix does to a metric, in the run document: main effects, averaged over the other axes' cells,
 * and two-way interactions.
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";

const bound = z.number().min(0).nullable();

const stepSchema = z.object({
  axis: z.string(),
  /** The axis's first value. */
  from: z.string(),
  to: z.string(),
});

export const effectSchema = z.object({
  metric: z.enum(metricNames),
  /** What the effect is of: this axis, from its first value to another. */
  ...stepSchema.shape,
  /** A main effect where null; else the second axis: `ratio` is then a ratio of ratios, 1 where the axes do not interact. */
  interactsWith: stepSchema.nullable(),
  /** Blocks used: those in which every cell that enters has a value. */
  blocks: z.int().min(0),
  /** Combinations of the other axes that were averaged over. */
  cells: z.int().min(1),
  /** As measured: above 1 is more of the metric. */
  ratio: bound,
  /** 95 % interval of the ratio, uncorrected. */
  ciLow: bound,
  ciHigh: bound,
  /** Exact two-sided p-value, and the same after Holm over all effects of its sort (main, interaction) in the run. */
  p: z.number().nullable(),
  adjustedP: z.number().nullable(),
  /** `adjustedP` is at most 0.05: the effect is not 1. */
  matters: z.boolean(),
  /** False where the axis changes the load, so that the two values were measured under different ones. */
  equalLoad: z.boolean(),
});

export type Effect = z.infer<typeof effectSchema>;
