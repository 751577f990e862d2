/**
 * One SLO of one arm in the run document.
 */
import { z } from "zod";

const value = z.number().nullable();

export const sloResultSchema = z.object({
  arm: z.string(),
  /** As it was written. */
  expression: z.string(),
  metric: z.string(),
  operator: z.enum(["<", "<=", ">", ">=", "=="]),
  /** Limit, value and interval are in this unit. */
  limit: z.number(),
  unit: z.enum(["us", "perS", "bytes", "share", "count"]),
  /** `unknown`: the trials cannot tell, and that never passes. */
  status: z.enum(["met", "missed", "unknown"]),
  /** The median of the trials, or the count over all of them; null when not measured. */
  value,
  /** The exact 95 % interval of the median; null for a count, and with fewer than 6 trials. */
  low: value,
  high: value,
  /** Trials with a value. */
  trials: z.int().min(0),
  /** Why it is unknown; else null. */
  reason: z
    .enum([
      "not-measured",
      "too-few-messages",
      "too-few-trials",
      "too-close",
      "lost-trials",
      "missing-values",
    ])
    .nullable(),
});

export type SloResult = z.infer<typeof sloResultSchema>;
