/**
 * A run of one arm against itself (A/A), in the run document: what this machine shows where there is nothing to show.
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";

const count = z.int().min(0);
const bound = z.number().min(0).nullable();

export const noiseFloorSchema = z.object({
  /** The arm that ran twice, under its own name and as `NAME-again`. */
  arm: z.string(),
  again: z.string(),
  /** From the first trial's start to the last one's end. */
  seconds: z.number().min(0),
  blocks: count,
  /** How often each verdict was given; anything better or worse is a false alarm. */
  verdicts: z.object({ better: count, worse: count, equivalent: count, inconclusive: count }),
  metrics: z.array(
    z.object({
      metric: z.enum(metricNames),
      ratio: bound,
      ciLow: bound,
      ciHigh: bound,
      /** The smallest slowdown (0.05 = 5 %) that this run would have caught 4 times in 5. */
      smallestEffect: z.number().nullable(),
    }),
  ),
});

export type NoiseFloor = z.infer<typeof noiseFloorSchema>;
