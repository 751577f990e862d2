/**
 * The run document, `results/<run-id>/run.json` and `--json`: the contract with everything that reads wsrally's
 * results. Names are camelCase with the unit in them. A value that was not measured is null or absent, never 0.
 * One zod schema gives the type and the published JSON Schema; names are added, not renamed, within a version.
 */
import { z } from "zod";
import { metricNames } from "../scenario/metric.js";
import { roomSchema } from "./arm-room.js";
import { behindSchema } from "./behind-schema.js";
import { capacitySchema } from "./capacity-schema.js";
import { comparisonSchema, readingSchema } from "./comparison-schema.js";
import { effectSchema } from "./effect-schema.js";
import { environmentSchema } from "./environment-schema.js";
import { gateSchema } from "./gate-schema.js";
import { noiseFloorSchema } from "./noise-floor-schema.js";
import { rolloutComparisonSchema } from "./rollout-comparison-schema.js";
import { rolloutSchema } from "./rollout-schema.js";
import { tagsSchema } from "./run-tags.js";
import { sloResultSchema } from "./slo-schema.js";
import { soakSchema } from "./soak-schema.js";
import { trafficSchema } from "./traffic-schema.js";
import { trialSchema } from "./trial-schema.js";

export const schemaVersion = 1;

const count = z.int().min(0);

export const proxySchema = z.object({
  kind: z.string(),
  /** On whose host it ran (`environment.agents`); absent for this machine. */
  agent: z.string().optional(),
  version: z.string().nullable(),
  configSha256: z.string().nullable(),
  /** What `nginx -V` says beyond the version, or its like. */
  build: z.string().nullable(),
  /** What was changed in a user's config so that it could run here. */
  changes: z.array(z.string()),
});

const armSchema = z.object({
  name: z.string(),
  group: z.string(),
  /** Version of HTTP that carried the WebSockets; absent for 1. */
  http: z.literal(2).optional(),
  proxy: proxySchema,
  /** Offered to the whole arm; null in a closed loop. */
  ratePerS: z.number().min(0).nullable(),
  /** What the baseline carried in a closed loop before the first block; null where that was not asked. */
  saturatedPerS: z.number().min(0).nullable(),
  /** Null or absent where no directive of a user's config limits the connections. */
  room: roomSchema.nullable().optional(),
  /** Absent for arms that wsrally runs itself, and for a URL with somebody else's backend. */
  behind: behindSchema.optional(),
  trials: z.array(trialSchema),
  /** A slice with a p99 above this is a stall: four times the median slice of all arms under this load. */
  stallsAboveUs: z.number().min(0).optional(),
  /** Before any load, to see whether the arm answers: a connection and a message each time. */
  preflight: trafficSchema.optional(),
  /** What settled the load; of a group's baseline. */
  calibration: trafficSchema.optional(),
  /** A trial of every arm before the first block. */
  burnIn: trafficSchema.optional(),
  /** Trials that were stopped before their end, and are in no other count. */
  cutOff: trafficSchema.optional(),
});

export const runDocumentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("wsrally"), version: z.string() }),
  runId: z.string(),
  /** Names that the user gave it. */
  tags: tagsSchema,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** `interrupted` and `running` documents hold the trials done until then. */
  status: z.enum(["running", "complete", "interrupted", "failed"]),
  seed: count,
  scenario: z.object({
    name: z.string(),
    description: z.string().nullable(),
    metrics: z.array(z.enum(metricNames)),
    pairs: z.array(z.object({ baseline: z.string(), candidate: z.string() })),
    blocks: count.nullable(),
    maxSeconds: z.number().nullable(),
    arms: z.array(
      z.object({
        name: z.string(),
        arm: z.string(),
        set: z.record(z.string(), z.string()),
        group: z.string(),
        workload: z.record(z.string(), z.unknown()),
        /** Its place in the matrix: a value for each axis, `arm` among them; absent without a matrix. */
        cell: z.record(z.string(), z.string()).optional(),
      }),
    ),
    /** The axes of the matrix, in its order; `arm` is the axis of several arms. */
    axes: z
      .array(
        z.object({
          name: z.string(),
          kind: z.enum(["arm", "directive", "workload"]),
          values: z.array(z.string()),
        }),
      )
      .optional(),
    /** The axis whose values are compared, each with the first, within the same values of the others. */
    comparedAxis: z.string().nullable().optional(),
    /** Half the width that every 95 % interval was to come down to, as a share; null where a verdict was enough. */
    precision: z.number().nullable().optional(),
  }),
  environment: environmentSchema,
  /** How the run decides, fixed before its first block; null until then. */
  plan: z
    .object({
      /** At most so many; a verdict or the time may end the run before. */
      blocks: count,
      /** Seconds of an arm's turn where the arms of a block shared its time in slots; absent: each had a trial to itself. */
      slotS: z.number().optional(),
      /** Why not in slots, where they would have fitted: what the burn-in found. */
      whyBlocks: z.string().optional(),
      /** Numbers of complete blocks at which it looks, and the share that each look may spend of alpha and of alphaEq. */
      looks: z.array(count),
      fractions: z.array(z.number()),
      /** Absent where a run was judged by `fractions` in both. */
      fractionsEq: z.array(z.number()).optional(),
      /** Chance that anything at all is called worse when nothing is; the same again for better. */
      alpha: z.number(),
      alphaEq: z.number(),
      minBlocks: count,
    })
    .nullable(),
  /** Processors that each part was kept on; null where it could run anywhere. */
  placement: z.object({
    proxy: z.array(count).nullable(),
    generator: z.array(count).nullable(),
    backend: z.array(count).nullable(),
    /** Whether the proxy ran at real-time priority, before whatever else wanted its processors; absent: it did not. */
    proxyRealTime: z.boolean().optional(),
    /** Whether generator and backend had it too, while they carried the load; absent: they had not. */
    endsRealTime: z.boolean().optional(),
  }),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  arms: z.array(armSchema),
  comparisons: z.array(comparisonSchema),
  /** What is shown with its interval and decides nothing: the p99 of the whole window, and stalls that are not more. */
  readings: z.array(readingSchema).optional(),
  /** What the axes of a matrix do to each metric; absent without a matrix. */
  effects: z.array(effectSchema).optional(),
  /** Of a run with `--aa`. */
  aa: noiseFloorSchema.optional(),
  /** What the arms were held to, arm by arm; absent without SLOs. */
  slo: z.array(sloResultSchema).optional(),
  /** Of `wsrally gate`. */
  gate: gateSchema.optional(),
  /** Of a capacity search, whose trials stand in its steps and not under `arms`. */
  capacity: capacitySchema.optional(),
  /** Of a soak, which has windows in the place of trials. */
  soak: soakSchema.optional(),
  /**
   * Of `wsrally rollout`, which has bills in the place of trials: by block, and within each in the order in which policies
   * and arms were given, whichever went first.
   */
  rollouts: z.array(rolloutSchema).optional(),
  /** Candidates of a rollout against its first arm; absent with one arm. */
  rolloutComparisons: z.array(rolloutComparisonSchema).optional(),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
export type ArmResult = z.infer<typeof armSchema>;
