/**
 * The workload's keys of the line between clients and proxy, and the same as flags.
 */
import { z } from "zod";
import { type Quantity, readQuantity } from "../base/quantity.js";
import { quantitySchema } from "./quantity-schema.js";

/** What a line does to packets, each way by itself: a round trip has the delay twice. */
export interface Weather {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** The standard deviation of a normal distribution about it; 0 for a constant delay. */
  readonly jitterMs: number;
  /** Of the packets, each by itself. */
  readonly lossShare: number;
}

export type LineDelay = Pick<Weather, "delayMs" | "jitterMs">;

/** Beyond it a line would have too much on its way. */
const delay: Quantity = { kind: "time", least: 0, most: 2 };
const delayWords = "want a time up to 2s, such as 20ms, or with a standard deviation behind it: 20ms,5ms";

const delaySchema = z
  .union([z.number().transform(String), z.string()], { error: delayWords })
  .refine((text) => readDelay(text) !== null, delayWords)
  .describe(
    "How much longer packets between clients and proxy take, each way: 20ms, or 20ms,5ms for a normal distribution (as root)",
  );

/** Beside the others of a workload. */
export const weatherKeys = {
  delay: delaySchema,
  loss: quantitySchema({ kind: "share", least: 0, most: 0.9 }).describe(
    "How many of the packets between clients and proxy are lost, such as 1% (as root)",
  ),
} as const;

/** Null where neither was given. */
export function weatherOf(delayText: string | undefined, lossShare: number | undefined): Weather | null {
  if (delayText === undefined && lossShare === undefined) return null;
  const given = delayText === undefined ? null : readDelay(delayText);
  return { ...(given ?? { delayMs: 0, jitterMs: 0 }), lossShare: lossShare ?? 0 };
}

/** @returns null for what is no delay */
export function readDelay(text: string): LineDelay | null {
  const [mean, jitter, ...more] = text.split(",").map((part) => readQuantity(part, delay));
  if (mean == null || jitter === null || more.length > 0) return null;
  return { delayMs: mean * 1e3, jitterMs: (jitter ?? 0) * 1e3 };
}
