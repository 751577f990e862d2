/**
 * The run document, `results/<run-id>/run.json` and `--json`: the contract with everything that reads wsrally's
 * results. Names are camelCase with the unit in them. A value that was not measured is null or absent, never 0.
 * One zod schema gives the type and the published JSON Schema; names are added, not renamed, within a version.
 */
import { z } from "zod";
import { failureKinds, failureSides } from "../load/failure.js";
import { metricNames } from "../scenario/metric.js";

export const schemaVersion = 1;

const count = z.int().min(0);
const us = z.number().min(0).nullable();

/** Percentiles are null where fewer than ten values lie beyond them, and all but the count when nothing was measured. */
const latencySchema = z.object({
  count,
  mean: us,
  p50: us,
  p90: us,
  p99: us,
  p999: us,
  max: us,
});

const failureSchema = z.object({
  kind: z.enum(failureKinds),
  side: z.enum(failureSides),
  count: z.int().min(1),
  example: z.string(),
});

const trialSchema = z.object({
  /** Counts from 0; the burn-in is not in the document. */
  block: count,
  /** Place within the block's random order, from 0. */
  position: count,
  startedAt: z.iso.datetime(),
  /** Length of the measured window. */
  durationS: z.number().positive(),
  warmupS: z.number().min(0),
  engine: z.string(),
  /** What TLS agreed on, by connections; empty without TLS. */
  tls: z
    .array(z.object({ version: z.string(), cipher: z.string(), connections: count, resumed: count }))
    .optional(),
  /** WebSocket pings and the pongs to them; null when none were asked for. */
  heartbeats: z.object({ sent: count, answered: count }).nullable().optional(),
  connections: z.object({
    requested: count,
    opened: count,
    failed: count,
    /** Still open when the load ended. */
    held: count,
  }),
  /** Messages sent in the measured window, and replies to those, whenever they came. */
  messages: z.object({ sent: count, received: count }),
  /** The whole trial, warm-up included, as the client and as the backend counted it; null for a foreign backend. */
  accounting: z.object({
    clientSent: count,
    backendReceived: count.nullable(),
    backendSent: count.nullable(),
    clientReceived: count,
  }),
  /** Replies that came within the measured window, a second. */
  throughputPerS: z.number().min(0),
  /** Messages that fell due within the measured window, a second; null in a closed loop. */
  offeredPerS: z.number().min(0).nullable(),
  latencyUs: z.object({
    roundTrip: latencySchema,
    response: latencySchema.optional(),
    wire: latencySchema.optional(),
    uplink: latencySchema.optional(),
    backend: latencySchema.optional(),
    downlink: latencySchema.optional(),
    connect: latencySchema.optional(),
    tls: latencySchema.optional(),
    upgrade: latencySchema.optional(),
  }),
  failures: z.array(failureSchema),
  proxyCost: z
    .object({
      cpuUsPerMessage: z.number().min(0).nullable(),
      /** Processor time of the proxy's processes over the window's length: 1 is one core kept busy. */
      cpuShare: z.number().min(0).nullable(),
      /** Resident memory of all the proxy's processes at the window's end. */
      rssBytes: count.nullable(),
      /** Growth of resident memory from before the first connection to the window's end, a connection. */
      rssBytesPerConnection: z.number().nullable(),
    })
    .nullable(),
  generator: z.object({
    /** Processor time of the busiest generator thread over the window's length. */
    cpuShare: z.number().min(0).nullable(),
    /** How late sends were against their schedule; null in a closed loop. */
    sendLagUsP99: z.number().min(0).nullable(),
    /** How much later than the kernel the program saw a reply, at the median; null without stamps. */
    wireGapUsP50: z.number().nullable().optional(),
    /** Closed loop: throughput × mean round trip over the connections held, which Little's law makes 1. */
    littlesLawRatio: z.number().nullable().optional(),
    /** Processor time taken by the hypervisor, and by others than this run, as shares of one processor. */
    stealShare: z.number().nullable().optional(),
    otherShare: z.number().nullable().optional(),
    healthy: z.boolean(),
    reasons: z.array(z.string()),
  }),
  backendCpuShare: z.number().min(0).nullable(),
  /** Which of the three was the busiest; in a closed loop it must be the proxy for the run to be about it. */
  busiest: z.enum(["generator", "proxy", "backend"]).nullable().optional(),
  /** Lines of the proxy's error log in this trial, by message. */
  proxyLog: z.array(z.object({ message: z.string(), count: z.int().min(1) })),
  /** True when the trial is out of the comparison, and its block with it; `disqualifiedBecause` says why. */
  disqualified: z.boolean(),
  disqualifiedBecause: z.array(z.string()),
});

export const proxySchema = z.object({
  kind: z.string(),
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
  proxy: proxySchema,
  /** Offered to the whole arm; null in a closed loop. */
  ratePerS: z.number().min(0).nullable(),
  /** What the baseline carried in a closed loop before the first block; null where that was not asked. */
  saturatedPerS: z.number().min(0).nullable(),
  trials: z.array(trialSchema),
});

const bound = z.number().min(0).nullable();

const comparisonSchema = z.object({
  baseline: z.string(),
  candidate: z.string(),
  metric: z.enum(metricNames),
  /** Blocks used. */
  blocks: count,
  /** Candidate over baseline, as measured: above 1 is more of the metric. */
  ratio: bound,
  /** 95 % interval of the ratio. */
  ciLow: bound,
  ciHigh: bound,
  /** The interval at the levels that the verdict was tested at. */
  decisionLow: bound,
  decisionHigh: bound,
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
  /** Why there can be no verdict, as codes; empty where the numbers themselves decided, or could not. */
  reasons: z.array(z.string()),
});

export const environmentSchema = z.object({
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string().nullable(),
  cpus: count,
  memoryBytes: count,
  node: z.string(),
  maxOpenFiles: count.nullable(),
  ci: z.boolean(),
});

export const runDocumentSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  tool: z.object({ name: z.literal("wsrally"), version: z.string() }),
  runId: z.string(),
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
      }),
    ),
  }),
  environment: environmentSchema,
  /** How the run decides, fixed before its first block; null until then. */
  plan: z
    .object({
      /** At most so many; a verdict or the time may end the run before. */
      blocks: count,
      /** Numbers of complete blocks at which it looks, and the share of the levels that each look may spend. */
      looks: z.array(count),
      fractions: z.array(z.number()),
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
  }),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  arms: z.array(armSchema),
  comparisons: z.array(comparisonSchema),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
export type ArmResult = z.infer<typeof armSchema>;
export type TrialResult = z.infer<typeof trialSchema>;
export type LatencySummary = z.infer<typeof latencySchema>;
export type Failure = z.infer<typeof failureSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;
