/**
 * What a soak found, in the run document: every window, and the trend of each metric over them. Null: not measured.
 */
import { z } from "zod";
import { failureKinds, failureSides } from "../load/failure.js";
import { reconnectKinds } from "../load/messages.js";
import { soakEvents } from "../trial/soak/soak-settings.js";
import { fanoutSchema, pushSchema } from "./unasked-result.js";

const count = z.int().min(0);
const amount = z.number().min(0);
const us = amount.nullable();

const latencySchema = z.object({ p50: us, p99: us, max: us });

const windowSchema = z.object({
  /** From the beginning of the first window to that of this one. */
  atS: amount,
  startedAt: z.iso.datetime(),
  durationS: z.number().positive(),
  /** Open at the window's end; and messages under way then. */
  open: count,
  inFlight: count,
  sent: count,
  received: count,
  throughputPerS: amount,
  /**
   * Of what came in the window. `response` is from when a message was due, null in a closed loop; pushes and rooms absent where
   * none came.
   */
  latencyUs: z.object({
    roundTrip: latencySchema,
    response: latencySchema.nullable(),
    push: latencySchema.optional(),
    fanoutFirst: latencySchema.optional(),
    fanoutMedian: latencySchema.optional(),
    fanoutLast: latencySchema.optional(),
  }),
  /** What fell due, was sent and came in the window: what is under way at its end comes in the next. Absent without pushes. */
  push: pushSchema.omit({ reach: true }).optional(),
  /** The same; `expected` and `delivered` of messages to rooms that were settled in it. Absent without rooms. */
  fanout: fanoutSchema.omit({ reach: true }).optional(),
  connections: z.object({
    /** Ended, and not by the client. */
    lost: count,
    /** Open again, after whatever end. */
    reopened: count,
    /** Closed by the client, as `churnPerS` asks for. */
    churned: count,
    /** Tries to open again that failed. */
    failedTries: count,
  }),
  failures: z.array(z.object({ kind: z.enum(failureKinds), count: z.int().min(1) })),
  /** Of all the proxy's processes, at the window's end; pages that they share are counted once. */
  rssBytes: amount.nullable(),
  descriptors: count.nullable(),
  /** A message is a reply, a push that came, or a delivery in a room. */
  cpuUsPerMessage: amount.nullable(),
  cpuShare: amount.nullable(),
  /** Processor time of others than this run, as a share of one processor. */
  otherShare: amount.nullable(),
});

const soakMetrics = [
  "rssBytes",
  "descriptors",
  "p50",
  "p99",
  "cpuUsPerMessage",
  "inFlight",
  "throughputPerS",
] as const;

const trendSchema = z.object({
  metric: z.enum(soakMetrics),
  /**
   * `grows` and `falls`: the 99 % interval leaves zero out, and the change over the soak is more than the metric's
   * grain; `flat`: the whole interval is within what does not matter; `untold`: neither.
   */
  verdict: z.enum(["grows", "falls", "flat", "untold"]),
  /** In the metric's unit an hour, by Theil and Sen, with the 99 % interval. */
  slopePerH: z.number(),
  low: z.number(),
  high: z.number(),
  /** Of the line, halfway. */
  level: z.number(),
  /** By the line, over the windows that went in. */
  change: z.number(),
  /** First-order, of what the line leaves over; the interval is the wider for it. */
  autocorrelation: z.number(),
  windows: count,
});

export const soakSchema = z.object({
  arm: z.string(),
  forS: z.number().positive(),
  windowS: z.number().positive(),
  connections: count,
  /** Null in a closed loop. */
  ratePerS: amount.nullable(),
  churnPerS: amount,
  reconnect: z.enum(reconnectKinds),
  windows: z.array(windowSchema),
  /** Those of which an agent's report did not come, which are not among `windows`, with the reason; absent for none. */
  voidWindows: z
    .array(z.object({ atS: amount, durationS: z.number().positive(), reason: z.string() }))
    .optional(),
  /** What happened to the proxy meanwhile, from the beginning of the first window; absent where nothing was to happen. */
  events: z.array(z.object({ atS: amount, event: z.enum(soakEvents) })).optional(),
  trends: z.array(trendSchema),
  /** What memory that grows comes to for each of what it may hang on; null where it does not grow, or nothing was done. */
  growth: z.object({ bytesPerMessage: z.number().nullable(), bytesPerConnection: z.number().nullable() }),
  /** Of the whole soak when it has ended by itself, what came behind its last window included; else the windows tell. */
  push: pushSchema.omit({ lagUsP99: true }).optional(),
  fanout: fanoutSchema.optional(),
  /** By side, when the soak has ended; until then the windows tell. */
  failures: z.array(
    z.object({
      kind: z.enum(failureKinds),
      side: z.enum(failureSides),
      count: z.int().min(1),
      example: z.string(),
      cause: z.string().nullable(),
    }),
  ),
  /** Processes that were not on the processors they were given, in words; absent for none, or where none were given. */
  misplaced: z.array(z.string()).optional(),
  /** Of the whole soak, warm-up included, when it has ended or was stopped; null until then. */
  accounting: z
    .object({
      clientSent: count,
      clientReceived: count,
      backendReceived: count.nullable(),
      backendSent: count.nullable(),
      /** Every time that a connection was opened, or could not be. */
      connectionsOpened: count.optional(),
      connectionsFailed: count.optional(),
    })
    .nullable(),
});

export type Soak = z.infer<typeof soakSchema>;
export type SoakWindowResult = z.infer<typeof windowSchema>;
export type SoakTrend = z.infer<typeof trendSchema>;
export type SoakMetric = (typeof soakMetrics)[number];
