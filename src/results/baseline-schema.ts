/**
 * A stored run as `baselines/NAME.json`: what planning and a reader need of it, small enough to keep under version
 * control, without a path of the machine that it was made on.
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";
import { fileName, keptArmSchema, mostLog } from "./history-entry.js";
import { machineSchema } from "./machine-schema.js";
import { schemaVersion } from "./run-document.js";
import { sourceCommitSchema } from "./source-commit.js";

const bound = z.number().min(0).max(Math.exp(mostLog)).nullable();

/** Names a file. */
export const baselineName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "want 1 to 64 letters, digits, dots, dashes or underscores");

export const baselineSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  name: baselineName,
  toolVersion: z.string(),
  runId: fileName,
  startedAt: z.iso.datetime(),
  scenario: z.string(),
  commit: sourceCommitSchema.nullable(),
  machine: machineSchema,
  /** From the start of a block to that of the next, mean; null with fewer than two. */
  secondsPerBlock: z.number().min(0).nullable(),
  arms: z.array(
    keptArmSchema.extend({
      /** Of what `nginx -V` says beyond the version, which names paths. */
      buildSha256: z.string().nullable(),
      /** Trials that count, and their medians, by metric: for a warning when they are far off, and for no verdict. */
      trials: z.int().min(0),
      medians: z.record(z.string(), z.number().min(0)),
    }),
  ),
  comparisons: z.array(
    z.object({
      baseline: z.string(),
      candidate: z.string(),
      metric: z.enum(metricNames),
      blocks: z.int().min(0),
      ratio: bound,
      ciLow: bound,
      ciHigh: bound,
      /** Standard error of the log ratio: it tells how many blocks the next run needs. */
      se: z.number().min(0).max(mostLog).nullable(),
      margin: z.number(),
      verdict: z.enum(["better", "worse", "equivalent", "inconclusive"]),
    }),
  ),
});

export type Baseline = z.infer<typeof baselineSchema>;
