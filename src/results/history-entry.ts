/**
 * One run in a history: ratios between its arms, with their errors, and what they were measured on. Nothing absolute is
 * kept, for nothing absolute compares across runs (docs/statistics.md, Stored baselines and history).
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";
import { machineSchema } from "./machine-schema.js";
import { schemaVersion } from "./run-document.js";
import { tagsSchema } from "./run-tags.js";
import { sourceCommitSchema } from "./source-commit.js";

/** Scenario and run name a file, so that they must not name another place. */
export const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

/** A ratio beyond 10⁴³ is of nothing that was ever measured, and no number once it is drawn. */
export const mostLog = 100;

/** What is kept of an arm in files that outlive their run. */
export const keptArmSchema = z.object({
  name: z.string(),
  group: z.string(),
  isBaseline: z.boolean(),
  kind: z.string(),
  version: z.string().nullable(),
  configSha256: z.string().nullable(),
  /** What the workload asks of the proxy. */
  load: z.record(z.string(), z.unknown()),
});

export const historyEntrySchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  toolVersion: z.string(),
  runId: fileName,
  /** Names that the user gave it. */
  tags: tagsSchema,
  startedAt: z.iso.datetime(),
  scenario: fileName,
  /** Null outside of a repository. */
  commit: sourceCommitSchema.nullable(),
  machine: machineSchema,
  arms: z.array(keptArmSchema),
  ratios: z.array(
    z.object({
      arm: z.string(),
      reference: z.string(),
      metric: z.enum(metricNames),
      /** Blocks with a ratio. */
      blocks: z.int().min(1),
      /** ln(arm / reference): above 0 is more of the metric. */
      logRatio: z.number().min(-mostLog).max(mostLog),
      /** Standard error of it; null with too few blocks for an interval. */
      se: z.number().min(0).max(mostLog).nullable(),
    }),
  ),
});

export type HistoryEntry = z.infer<typeof historyEntrySchema>;
