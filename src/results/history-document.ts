/** What `history --json` prints: series of ratios to pinned references over runs, and the changes found in them. */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";
import { historyEntrySchema } from "./history-entry.js";
import { schemaVersion } from "./run-document.js";

const positive = z.number().min(0);
const { runId, tags, startedAt, commit, machine, toolVersion } = historyEntrySchema.shape;

const pointSchema = z.object({
  runId,
  blocks: z.int().min(1),
  /** ln(arm / reference), and its standard error. */
  logRatio: z.number(),
  se: positive.nullable(),
  ratio: positive,
  /** 95 % interval from the standard error. */
  ciLow: positive.nullable(),
  ciHigh: positive.nullable(),
});

const changeSchema = z.object({
  /** The first run of the new level, and the last of the old: the change came between their commits. */
  runId,
  previousRunId: runId,
  /** Difference of the medians of the two parts that this change makes, as a log ratio and as a share. */
  shiftLog: z.number(),
  shift: z.number(),
  /** Mann-Whitney p times the number of splits. */
  correctedP: positive,
});

export const historyDocumentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  scenario: z.string(),
  /** All of the scenario, oldest first. */
  runs: z.array(z.object({ runId, tags, startedAt, commit, machine, toolVersion })),
  /** One a group, as the newest run has it. */
  references: z.array(historyEntrySchema.shape.arms.element.omit({ isBaseline: true })),
  series: z.array(
    z.object({
      arm: z.string(),
      reference: z.string(),
      group: z.string(),
      metric: z.enum(metricNames),
      /** In the order of the runs, those left out missing. */
      points: z.array(pointSchema),
      /** Between the changes; the ratio is the median of the level. */
      levels: z.array(z.object({ firstRunId: runId, lastRunId: runId, runs: z.int(), ratio: positive })),
      changes: z.array(changeSchema),
    }),
  ),
  leftOut: z.array(
    z.object({
      runId,
      reference: z.string(),
      code: z.enum(["no-reference", "other-config", "other-version", "other-load", "too-few-blocks"]),
      reason: z.string(),
    }),
  ),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});

export type HistoryDocument = z.infer<typeof historyDocumentSchema>;
