/**
 * One trial in the run document: counts, latencies, failures, costs and the generator's health. A value that was not
 * measured is null or absent, never 0.
 */
import { z } from "zod";
import { logCauseIds } from "../diagnosis/log-cause.js";
import { failureKinds, failureSides } from "../load/failure.js";
import { proxyCostSchema } from "./proxy-cost-schema.js";
import { residenceSchema } from "./residence-schema.js";
import { slicesSchema, slotsSchema } from "./slices-schema.js";
import { stageSchema } from "./stage-result.js";
import { fanoutSchema, pushSchema } from "./unasked-result.js";

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
  /**
   * Of roundTrip, response and wire: the median, over slices of the window, of the slice's p99; null with fewer than
   * five slices that tell one.
   */
  steadyP99: us.optional(),
});

export const failureSchema = z.object({
  kind: z.enum(failureKinds),
  side: z.enum(failureSides),
  count: z.int().min(1),
  example: z.string(),
  /** Why, in a few words; null where nothing tells. */
  cause: z.string().nullable().optional(),
  /** The same by its id, where the proxy's log told it. */
  causeId: z.enum(logCauseIds).nullable().optional(),
  /** The `message` of the entry of `proxyLog` that tells of it. */
  logMessage: z.string().nullable().optional(),
});

const proxyLogSchema = z.object({
  /** With addresses, process ids and the like taken out, so that like lines are counted together. */
  message: z.string(),
  count: z.int().min(1),
  /** In the proxy's own words. */
  level: z.string().nullable().optional(),
  /** The first such line, as it stands in the log. */
  example: z.string().optional(),
  /** What it means for connections, in a few words; null where nothing is known to follow from it. */
  cause: z.string().nullable().optional(),
  /** The same by its id, which stays the same when the words are put better. */
  causeId: z.enum(logCauseIds).nullable().optional(),
});

export const trialSchema = z.object({
  /** Counts from 0; the burn-in stands apart, as `burnIn` of its arm. */
  block: count,
  /** Which round of the block: arms that are compared run back to back; 0 where there is only one. */
  round: count.optional(),
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
  /**
   * Packets on the line between clients and proxy, from the load's beginning, how much later than due they came out, in
   * microseconds, and its processor time over the time that passed. Absent where there was none.
   */
  line: z
    .object({
      toProxy: count,
      toClients: count,
      lost: count,
      cutOff: count,
      overflowed: count,
      lateUs: z.object({ p50: z.number().min(0).nullable(), p99: z.number().min(0).nullable() }),
      busyShare: z.number().min(0),
    })
    .optional(),
  /**
   * Beside the load: messages of the server's own that the workload's `ignore` names, those that were answered by `answer`,
   * and what was sent by `keepAlive`; absent where messages are wsrally's own.
   */
  talk: z.object({ ignored: count, answered: count, keptAlive: count }).optional(),
  connections: z.object({
    requested: count,
    opened: count,
    failed: count,
    /** Still open when the load ended. */
    held: count,
    /** Over HTTP/2: TCP connections that they were opened on; absent where each had its own. */
    tcpOpened: count.optional(),
    /** Where `churn` or `stages` have connections come and go, from the load's beginning: ended, and not by the client, */
    lost: count.optional(),
    /** closed by the client, as they ask for, */
    churned: count.optional(),
    /** open again, after whatever end; `opened` and these are the upgrades of the whole trial, */
    reopened: count.optional(),
    /** and tries to open again that failed. */
    failedTries: count.optional(),
    /** The upgrades that the backend answered; null for a foreign one. */
    atBackend: count.nullable().optional(),
    /** That `stages` wanted when the load ended; `requested` is the most that they want. */
    wantedAtEnd: count.optional(),
  }),
  /** How the connections were opened; null for what somebody else runs, absent in documents of earlier versions. */
  opening: z
    .object({
      /** Opened and upgraded a second, while the proxy's memory was looked at, from the first to the last; null when not all were. */
      perS: z.number().min(0).nullable(),
      /** Processor time of the proxy's processes from before the first connection to after the last upgrade. */
      cpuUsPerHandshake: z.number().min(0).nullable(),
    })
    .nullable()
    .optional(),
  /** Messages sent in the measured window, and replies to those, whenever they came. */
  messages: z.object({ sent: count, received: count }),
  /** The whole trial, warm-up included, as the client and as the backend counted it; null for a foreign backend. */
  accounting: z.object({
    clientSent: count,
    backendReceived: count.nullable(),
    backendSent: count.nullable(),
    clientReceived: count,
    /** Bytes of their payloads; absent in documents of earlier versions. */
    bytes: z
      .object({
        clientSent: count,
        backendReceived: count.nullable(),
        backendSent: count.nullable(),
        clientReceived: count,
      })
      .optional(),
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
    /** From a message's last byte into the proxy to its last byte out to the backend, and the same on the way back. */
    residenceUp: latencySchema.optional(),
    residenceDown: latencySchema.optional(),
    connect: latencySchema.optional(),
    tls: latencySchema.optional(),
    upgrade: latencySchema.optional(),
    /** From the instant of the backend's schedule to the client's kernel. */
    push: latencySchema.optional(),
    /** From the instant of the sender's schedule to the first, the median and the last of a room's kernels. */
    fanoutFirst: latencySchema.optional(),
    fanoutMedian: latencySchema.optional(),
    fanoutLast: latencySchema.optional(),
  }),
  residence: residenceSchema.optional(),
  push: pushSchema.optional(),
  fanout: fanoutSchema.optional(),
  /** Absent in documents of earlier versions; null where the window was in one piece. */
  slices: slicesSchema.nullable().optional(),
  slots: slotsSchema.optional(),
  /** Of a load with `stages`: what became of each. */
  stages: z.array(stageSchema).optional(),
  /** Slices whose p99 lies above `stallsAboveUs` of the arm, a second; null where no slice tells. */
  stallsPerS: z.number().min(0).nullable().optional(),
  /** More such slices, in which generator, backend or machine stood still: they are no stall of the proxy's. */
  stallsSetAside: count.optional(),
  failures: z.array(failureSchema),
  /** Null when there is no proxy whose processes could be seen. */
  proxyCost: proxyCostSchema.nullable(),
  generator: z.object({
    /** Processor time of the busiest generator thread over the window's length. */
    cpuShare: z.number().min(0).nullable(),
    /** How late sends were against their schedule; null in a closed loop. */
    sendLagUsP99: z.number().min(0).nullable(),
    /**
     * How far the gaps between a thread's sends were from the arrivals asked for, 0 to 1, by when they went out, of the thread
     * furthest off. Poisson: the greatest difference between the share of gaps up to any length and that of exponential ones
     * (Kolmogorov, Smirnov). Uniform: the share of gaps under a half or over one and a half of the even one. Null in a closed
     * loop, with stages, a mix or a replay; absent in documents of earlier versions.
     */
    arrivalsOff: z.number().min(0).max(1).nullable().optional(),
    /**
     * What the generator adds to a round trip after the kernel had the reply: the percentile of `roundTrip` less that of `wire`.
     * Null without stamps; p99 is absent in documents of earlier versions.
     */
    wireGapUsP50: z.number().nullable().optional(),
    wireGapUsP99: z.number().nullable().optional(),
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
  /** Processes that were not on the processors they were given, in words; absent for none, or where none were given. */
  misplaced: z.array(z.string()).optional(),
  /** Lines of the proxy's error log in this trial, by message. */
  proxyLog: z.array(proxyLogSchema),
  /** Of a trial with failures: the file in the run's folder that holds those lines; null for none. */
  proxyLogFile: z.string().nullable().optional(),
  /** True when the trial is out of the comparison, and its block with it; `disqualifiedBecause` says why. */
  disqualified: z.boolean(),
  disqualifiedBecause: z.array(z.string()),
});

export type TrialResult = z.infer<typeof trialSchema>;
export type LatencySummary = z.infer<typeof latencySchema>;
export type Failure = z.infer<typeof failureSchema>;
