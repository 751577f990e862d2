/** One stage of a trial's load, in the run document. */
import { z } from "zod";
import type { LatencyHistogram } from "../base/latency-histogram.js";
import { usFromNs } from "../base/units.js";
import type { StageRecord } from "../trial/stage-record.js";

const count = z.int().min(0);
const amount = z.number().min(0);
/** Held where both are the same. */
const spanSchema = z.object({ from: amount, to: amount });
/** Null where fewer than ten values lie beyond. */
const latencySchema = z.object({ count, p50: amount.nullable(), p99: amount.nullable() });

/** Messages belong to the stage in which they were due. Stages beyond 60 are told several together. */
export const stageSchema = z.object({
  /** From the measured window's start. */
  fromS: amount,
  forS: z.number().positive(),
  /** As the workload has them; absent where its stages say nothing of it. */
  rate: spanSchema.optional(),
  connections: spanSchema.optional(),
  /** Messages that fell due, a second; null in a closed loop. */
  offeredPerS: amount.nullable(),
  messages: z.object({ sent: count, received: count }),
  latencyUs: z.object({ roundTrip: latencySchema, wire: latencySchema.optional() }),
  /** Replies that are missing of the stage's messages, and whatever else went amiss while it lasted. */
  failures: count,
  /** Of the proxy; null where not measured. */
  cpuUsPerMessage: amount.nullable(),
});

export type StageResult = z.infer<typeof stageSchema>;

export function toStageResult(stage: StageRecord): StageResult {
  const { fromS, forS, rate, connections, due, sent, received, failures, wire, cpuNsPerMessage } = stage;
  return {
    fromS,
    forS,
    ...(rate === null ? {} : { rate: { ...rate } }),
    ...(connections === null ? {} : { connections: { ...connections } }),
    // In a closed loop nothing falls due.
    offeredPerS: due === 0 && sent > 0 ? null : due / forS,
    messages: { sent, received },
    latencyUs: {
      roundTrip: summary(stage.roundTrip),
      ...(wire.count === 0 ? {} : { wire: summary(wire) }),
    },
    failures,
    cpuUsPerMessage: cpuNsPerMessage === null ? null : cpuNsPerMessage / 1e3,
  };
}

function summary(histogram: LatencyHistogram): StageResult["latencyUs"]["roundTrip"] {
  const us = (quantile: number): number | null => {
    const value = histogram.quantile(quantile);
    return value === null ? null : usFromNs(value);
  };
  return { count: histogram.count, p50: us(0.5), p99: us(0.99) };
}
