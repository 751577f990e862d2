/** How long a client of a closed loop waits between a reply and its next message: `1s`, `100ms..2s` or `exponential(1s)`. */
import { z } from "zod";
import { readTimeSpread, type TimeSpread } from "./time-spread.js";

const words =
  "want a time such as 1s, a range such as 100ms..2s, or exponential(MEAN) such as exponential(1s)";

export const thinkSchema = z
  .union([z.number().transform(String), z.string()], { error: words })
  .refine((text) => readThink(text) !== null, words)
  .describe(
    "How long each connection of a closed loop waits after a reply: 1s, 100ms..2s or exponential(1s), drawn by seed (not at all)",
  );

/** @returns null for another text */
export function readThink(text: string): TimeSpread | null {
  return readTimeSpread(text, { kind: "time", least: 0, most: 600 });
}
