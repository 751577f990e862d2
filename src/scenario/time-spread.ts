/** Times that are drawn for each occasion, as people write them: `1s`, `100ms..2s` or `exponential(1s)`. */
import { type Quantity, readQuantity } from "../base/quantity.js";

export type TimeSpread =
  /** Any time of the range is as likely as any other. */
  | { readonly kind: "range"; readonly leastS: number; readonly mostS: number }
  | { readonly kind: "exponential"; readonly meanS: number };

/** @returns null for another text, or for times out of the quantity's range */
export function readTimeSpread(text: string, quantity: Quantity): TimeSpread | null {
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

/** In seconds. */
export function meanOfSpread(spread: TimeSpread): number {
  return spread.kind === "exponential" ? spread.meanS : (spread.leastS + spread.mostS) / 2;
}
