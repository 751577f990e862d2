/**
 * What `--progress json` writes to stderr: an object a line, and nothing else there. `progress` tells where a run is, `note` what
 * is said beside it, `end` how the command ended, always last.
 */
import { z } from "zod";

/** Steps of a run's start, then those of one trial. */
const progressPhases = [
  "prepare",
  "calibrate",
  "burn-in",
  "soak",
  "watch",
  "connect",
  "warm-up",
  "measure",
  "drain",
  "stop",
] as const;

export type ProgressPhase = (typeof progressPhases)[number];

const number = z.number().nullable();

export const progressEventSchema = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("progress"),
    phase: z.enum(progressPhases),
    /** Null before the first arm. */
    arm: z.string().nullable(),
    /** Counts from 0; of a search its steps, of a soak its windows. Null before the first. */
    block: z.int().min(0).nullable(),
    /** Planned at most: a run stops when its verdict stands. Null before the plan is made. */
    blocks: z.int().min(0).nullable(),
    opened: z.int(),
    connections: z.int().min(0),
    ratePerS: number,
    p50Us: number,
    p99Us: number,
    secondsLeft: number,
    /** The verdict so far, in words. */
    standing: z.string().nullable(),
  }),
  z.object({ event: z.literal("note"), message: z.string() }),
  z.object({
    event: z.literal("end"),
    exitCode: z.int().min(0),
    /** Why it did not end with 0; null where it did. */
    message: z.string().nullable(),
  }),
]);

export type ProgressEvent = z.infer<typeof progressEventSchema>;
