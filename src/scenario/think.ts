/** How long a client of a closed loop waits between a reply and its next message: `1s`, `100ms..2s` or `exponential(1s)`. */
import { z } from "zod";
import { type Quantity, readQuantity } from "../base/quantity.js";

export type Think =
  /** Any time of the range is as likely as any other. */
  | { readonly kind: "range"; readonly leastS: number; readonly mostS: number }
  | { readonly kind: "exponential"; readonly meanS: number };

const quantity: Quantity = { kind: "time", least: 0, most: 600 };
const words =
  "want a time such as 1s, a range such as 100ms..2s, or exponential(MEAN) such as exponential(1s)";

export const thinkSchema = z
  .union([z.number().transform(String), z.string()], { error: words })
  .refine((text) => readThink(text) !== null, words)
  .describe(
    "How long each connection of a closed loop waits after a reply: 1s, 100ms..2s or exponential(1s), drawn by seed (not at all)",
  );

/** @returns null for another text */
export function readThink(text: string): Think | null {
  const [, mean] = /^ *exponential\(([^()]+)\) *$/.exec(text) ?? [];
  if (mean !== undefined) {
    const meanS = readQuantity(mean, quantity);
    return meanS === null ? null : { kind: "exponential", meanS };
  }
  const [from = "", to = from, ...more] = text.split("..");
  const [leastS, mostS] = [readQuantity(from, quantity), readQuantity(to, quantity)];
  const isRange = leastS !== null && mostS !== null && leastS <= mostS && more.length === 0;
  return isRange ? { kind: "range", leastS, mostS } : null;
}
