/**
 * How fast connections open through an arm, and how they come back after a restart, in the run document.
 */
import { z } from "zod";
import { failureKinds } from "../load/failure.js";
import { reconnectKinds } from "../load/messages.js";

const count = z.int().min(0);
const amount = z.number().min(0).nullable();
const percentiles = z.object({ p50: amount, p99: amount });
const handshakeSchema = z.object({ connect: percentiles, tls: percentiles.nullable(), upgrade: percentiles });

const roundSchema = z.object({
  opening: z.object({
    opened: count,
    /** Opened and upgraded a second, from the first to the last; null when not all were. */
    perS: amount,
    /** In microseconds. */
    times: handshakeSchema,
    cpuUsPerHandshake: amount,
  }),
  restart: z.object({
    reconnect: z.enum(reconnectKinds),
    lost: count,
    /** From the old proxy's end until the new one accepted connections. */
    downMs: z.number().min(0),
    /** From then until half, 90 %, 99 % and all were open again; null when that was not in 30 s. */
    backMs: z.object({ half: amount, p90: amount, p99: amount, all: amount }),
    failedTries: count,
    failures: z.array(z.object({ kind: z.enum(failureKinds), count: z.int().min(1) })),
    /** Most connections seen waiting to be accepted. */
    backlogPeak: count.nullable(),
    times: handshakeSchema,
  }),
  /** Of the whole round: all messages, and every time that a connection was opened or could not be. */
  traffic: z
    .object({
      messages: z.object({ sent: count, received: count }),
      connections: z.object({ opened: count, failed: count }),
    })
    .optional(),
});

export const stormSchema = z.object({ connections: count, rounds: z.array(roundSchema) });

export type Storm = z.infer<typeof stormSchema>;
