/**
 * What events cost the clients that were connected, in the run document: one entry for each time that an arm went
 * through them. Null: not measured, or nothing to tell.
 */
import { z } from "zod";
import { failureKinds, failureSides } from "../load/failure.js";
import { reconnectKinds } from "../load/messages.js";
import { rolloutEvents } from "../trial/rollout/rollout-event.js";
import { trafficSchema } from "./traffic-schema.js";

const count = z.int().min(0);
const amount = z.number().min(0).nullable();
const percentiles = z.object({ p50: amount, p99: amount });

const pointSchema = z.object({
  /** Of the window's beginning, from the first event. */
  atMs: z.number(),
  /** Clients connected at its end. */
  open: count,
  /** Openings begun in it by clients that had lost theirs. */
  reconnects: count,
  /** In microseconds, of the replies that came in it, from when their messages were due. */
  p50: amount,
  p99: amount,
  /** The proxy's processes at its end, and those of them that were there before the first event and lead no others. */
  processes: count.nullable(),
  oldProcesses: count.nullable(),
  rssBytes: amount,
});

const weatherSchema = z.object({
  /** Each way. */
  delayMs: z.number().min(0),
  /** The standard deviation of a normal distribution about it. */
  jitterMs: z.number().min(0),
  /** Of all packets, each by itself. */
  lossShare: z.number().min(0).max(1),
});

const lineSchema = z.object({
  /** What it did from the beginning, and again when the event was over. */
  usual: weatherSchema,
  /** What the event brought, and how long it lasted; null for other events. */
  bad: weatherSchema.extend({ lastsMs: z.number() }).nullable(),
  /** From the first event on. Lost: on purpose; cut off: of the dead; overflowed: for want of speed of the line. */
  packets: z.object({ toProxy: count, toClients: count, lost: count, cutOff: count, overflowed: count }),
  /** How much later than due packets came out of it. */
  lateUs: percentiles,
  /** Its processor time over the time that passed. */
  busyShare: z.number().min(0),
  /** It was itself what clients felt: packets overflowed, or p99 of `lateUs` is above 1 ms and a tenth of the delay. */
  isLimit: z.boolean(),
});

export const rolloutSchema = z.object({
  arm: z.string(),
  event: z.enum(rolloutEvents),
  block: count,
  reconnect: z.enum(reconnectKinds),
  /** Of the first event, from the load's beginning. */
  atMs: z.number(),
  /** Of each event, from the first. */
  eventsMs: z.array(z.number()),
  /** How long after the first event the clients were watched. */
  watchedMs: z.number().min(0),
  /** Connected when the first event came. */
  clients: count,
  lost: z.object({
    count,
    /** How they ended as the clients saw it, and by whose doing. */
    byEnding: z.array(
      z.object({
        kind: z.enum(failureKinds),
        side: z.enum(failureSides),
        /** Of the close frame; null for an end without one. */
        closeCode: count.nullable(),
        count: z.int().min(1),
        cause: z.string().nullable(),
      }),
    ),
  }),
  /** When the first and the last client were lost, from the first event; null when none was. */
  lostMs: z.object({ first: z.number(), last: z.number() }).nullable(),
  /** Messages sent that were never answered. */
  repliesLost: count,
  /** How long each client that came back was without a connection. */
  downMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
  reconnects: z.object({
    /** Openings begun, those that failed among them. */
    tries: count,
    failedTries: count,
    worstPer100Ms: count,
    /** From the first event; null when nobody was lost, or not all came back. */
    allBackAfterMs: amount,
    notBack: count,
  }),
  /** From when messages were due: before the first event, until the last client was back, and from then on. */
  latencyUs: z.object({ before: percentiles, during: percentiles, after: percentiles }),
  /** For how long the p99 of windows was above a limit, from the first event on; null where none had messages enough. */
  slow: z.object({ aboveUs: z.number(), forMs: amount }),
  proxy: z.object({
    processesBefore: count.nullable(),
    processesMost: count.nullable(),
    processesAfter: count.nullable(),
    /** From before the first event, and still there at the end. */
    oldProcessesLeft: count.nullable(),
    rssBytesBefore: amount,
    rssBytesMost: amount,
    rssBytesAfter: amount,
  }),
  /**
   * What fresh TLS connections, one in 50 ms, saw of a new certificate (event `cert`): serial numbers in hexadecimal, and
   * from when on, after the first event, all that succeeded showed the last one. Null or absent for other events.
   */
  certificate: z
    .object({
      serialBefore: z.string().nullable(),
      serialAfter: z.string().nullable(),
      newSeenAfterMs: amount,
      failedHandshakes: count,
    })
    .nullable()
    .optional(),
  /** From which version of the program to which (event `upgrade`). Null or absent for other events. */
  upgrade: z.object({ from: z.string().nullable(), to: z.string().nullable() }).nullable().optional(),
  /**
   * WebSockets open when the watching ended, at the backend from before the last switch and at the one after it (event
   * `blue-green`). Null or absent for other events.
   */
  backends: z.object({ before: count, after: count }).nullable().optional(),
  /**
   * Clients beside the others that stopped reading, and by how much the proxy's memory grew from then on, over their number,
   * null where it is not seen to (event `slow-readers`). Null or absent for other events.
   */
  slowReaders: z
    .object({ count, cut: count, messagesSent: count, rssBytesEach: amount })
    .nullable()
    .optional(),
  /**
   * Clients beside the others whose links were cut without a word, and how long the proxy held their connections (event
   * `dead-peers`): `kept` at the end, the first and the last of them gone so long after the event (looks are 200 ms apart),
   * and by how much its memory grew when they came, over the number of those that opened, null where it is not seen to. Null or
   * absent for other events.
   */
  deadPeers: z
    .object({ count, kept: count, firstGoneMs: amount, allGoneMs: amount, rssBytesEach: amount })
    .nullable()
    .optional(),
  /** Of the line that packets between clients and proxy went over. Null or absent where there was none. */
  line: lineSchema.nullable().optional(),
  /** What of the proxy's config brought it about, and what to write instead; null or absent where nothing tells. */
  explanation: z.object({ cause: z.string(), cure: z.string() }).nullable().optional(),
  /** Of everything that was sent, and every time that a connection was opened or could not be. */
  traffic: trafficSchema,
  series: z.array(pointSchema),
});

export type Rollout = z.infer<typeof rolloutSchema>;
export type RolloutPointResult = z.infer<typeof pointSchema>;
