/**
 * What was seen of a trial's messages on both sides of the proxy, beside their times in `latencyUs`.
 */
import { z } from "zod";

const count = z.int().min(0);

const directionSchema = z.object({
  /** Messages that came to the proxy within the measured window, whoever sent them. */
  came: count,
  /** Those of them that were seen to leave it. */
  left: count,
  /** Messages that left it and were not seen to come, in the whole trial. */
  strays: count,
});

/** Absent where it was not asked for, or there is no proxy. */
export const residenceSchema = z.object({
  up: directionSchema,
  down: directionSchema,
  connections: z.object({
    /** WebSockets that clients opened in the trial. */
    opened: count,
    /** Those of them that the proxy was seen to open to the backend. */
    passedOn: count,
    /** TCP connections on either side of which something is missing. */
    lost: count,
  }),
  /** Packets that were looked at, and those that the kernel had no room for. */
  packets: count,
  dropped: count,
  /** Processor time of the process that looks, over the time that passed. */
  busyShare: z.number().min(0),
  /** Why there is no figure; null where there is one. */
  problem: z.string().nullable(),
});
