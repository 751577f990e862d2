/**
 * The workload's keys `push` and `fanout`, as a scenario gives them (maps) or a flag (`rate=500,size=200`).
 */
import { z } from "zod";
import { unaskedBytesMin } from "../base/unasked-message.js";
import { quantitySchema } from "./quantity-schema.js";

const rate = quantitySchema({ kind: "rate", least: 0, most: 10_000_000, isAbove: true });
/** It carries its number and its instant. */
const size = quantitySchema({ kind: "size", least: unaskedBytesMin, most: 1_048_576 });
const room = quantitySchema({ kind: "count", least: 2, most: 1_000_000 });

const pushSchema = z
  .preprocess(
    readPairs,
    z.strictObject({ rate, size: size.optional() }, { error: "want rate and size, as in rate=500,size=200" }),
  )
  .describe(
    "Messages that wsrally's backend sends unasked, by its own schedule: rate for the whole arm, size, as rate=500,size=200 (none)",
  );

const fanoutSchema = z
  .preprocess(
    readPairs,
    z.strictObject(
      { room, rate, size: size.optional() },
      { error: "want room, rate and size, as in room=100,rate=20,size=200" },
    ),
  )
  .describe(
    "Messages of which each goes to all connections of a room: room=100,rate=20,size=200; rate for the whole arm (none)",
  );

/** Beside the others of a workload. */
export const unaskedKeys = { push: pushSchema, fanout: fanoutSchema } as const;

/** `a=1,b=2` as a map; what is something else stays as it is. */
function readPairs(given: unknown): unknown {
  if (typeof given !== "string") return given;
  const pairs = given.split(",").map((pair) => pair.split("="));
  return pairs.every((pair) => pair.length === 2)
    ? Object.fromEntries(pairs.map(([name = "", value]) => [name.trim(), value]))
    : given;
}
