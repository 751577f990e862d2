/**
 * The gate's part of the run document: the outcome in words and as data, what the probes of both sides said, and how
 * noisy the machine was.
 */
import { z } from "zod";
import { findingStatuses } from "../diagnosis/finding.js";
import { findingSchema } from "./finding-schema.js";
import { rolloutSchema } from "./rollout-schema.js";

const share = z.number().nullable();
const seconds = z.number().min(0);

const outcomeSchema = z.enum(["passed", "failed", "inconclusive"]);

/** A finding of the candidate that its baseline has not, or has to a lesser degree. */
const regressionSchema = findingSchema.extend({
  /** What the baseline's finding of the same id says. */
  before: z.object({ status: z.enum(findingStatuses), title: z.string() }),
  /** False for advice that breaks no connection, and for what only this machine shows. */
  fails: z.boolean(),
});

const pairSchema = z.object({
  /** Null when the candidate was held to its SLOs and its findings alone. */
  baseline: z.string().nullable(),
  candidate: z.string(),
  /** Both configs come to the same, once adopted; null where that cannot be told. */
  sameConfig: z.boolean().nullable(),
  /** Unified diff of every config file that differs, includes among them. */
  diff: z.array(z.object({ file: z.string(), patch: z.string() })),
  /** Other files that the configs name (certificates and the like) and that differ. */
  otherFiles: z.array(z.string()),
  regressions: z.array(regressionSchema),
});

/** How unquiet the machine was while the gate measured. */
const noiseSchema = z.object({
  /** Processor time that the hypervisor gave to others, median and worst trial, as a share of one processor. */
  stealShareP50: share,
  stealShareMax: share,
  /** Processor time that other programs took, likewise. */
  otherShareP50: share,
  otherShareMax: share,
  /** Half the middle half of the baseline's trials over their median: how far its own trials lay apart. */
  spread: z.record(z.string(), z.number()),
  trials: z.int().min(0),
  trialsOut: z.int().min(0),
  /** By metric: the smallest slowdown that would have been shown 4 times in 5, as a share; the greatest of all pairs. */
  smallestEffect: z.record(z.string(), z.number()),
});

const causeSchema = z.object({
  kind: z.enum([
    "worse",
    "failures",
    "finding",
    "rollout",
    "slo",
    "inconclusive",
    "slo-unknown",
    "budget",
    "not-confirmed",
  ]),
  candidate: z.string().nullable(),
  /** A metric, a failure kind, a finding's id, an event or an SLO, by `kind`; null where there is none (`budget`). */
  about: z.string().nullable(),
});

export const gateSchema = z.object({
  outcome: outcomeSchema,
  /** In words, the weightiest first. */
  reasons: z.array(z.string()),
  /** The same as data. */
  causes: z.array(causeSchema),
  failOn: z.enum(["worse", "exceeds"]),
  /** What an inconclusive outcome makes of the exit code; null: one of its own, 21. */
  inconclusive: z.enum(["pass", "fail"]).nullable(),
  /** What the whole command was allowed, and what it took. */
  budgetS: seconds,
  usedS: seconds,
  pairs: z.array(pairSchema),
  /** What each probe, and each look before a rollout, sent to its arm: connections over TCP, and text and binary messages. */
  probes: z
    .array(z.object({ arm: z.string(), connections: z.int().min(0), messages: z.int().min(0) }))
    .optional(),
  /** Why no trial was run, in words; null or absent: there are trials. */
  unmeasuredBecause: z.string().nullable().optional(),
  /** What the event of `--rollout` cost each side; absent without it. */
  rollouts: z.array(rolloutSchema).optional(),
  noise: noiseSchema.nullable(),
  /** The second series of `--confirm`; null when there was none. */
  confirmation: z
    .object({
      runId: z.string(),
      outcome: outcomeSchema,
      reasons: z.array(z.string()),
    })
    .nullable(),
});

export type GateResult = z.infer<typeof gateSchema>;
export type GateCause = z.infer<typeof causeSchema>;
export type GatePair = z.infer<typeof pairSchema>;
export type GateNoise = z.infer<typeof noiseSchema>;
export type Regression = z.infer<typeof regressionSchema>;
