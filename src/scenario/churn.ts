/**
 * Connections that end and are opened again, as people write it: how many a second (`50`), or how long each lives (`30s`,
 * `10s..60s`, `exponential(30s)`).
 */
import { z } from "zod";
import { UsageError } from "../base/errors.js";
import { readQuantity } from "../base/quantity.js";
import { meanOfSpread, readTimeSpread, type TimeSpread } from "./time-spread.js";

export type Churn =
  /** So many connections of the arm a second, in turn. */
  | { readonly kind: "rate"; readonly perS: number }
  /** Each connection when its time is over, drawn anew whenever it is opened. */
  | { readonly kind: "life"; readonly life: TimeSpread };

/** In seconds: what is closed sooner was hardly there. */
const shortestLifeS = 0.1;

const churnWords =
  "want connections a second such as 50, or how long each lives: 30s, 10s..60s or exponential(30s)";

export const churnSchema = z
  .union([z.number().transform(String), z.string()], { error: churnWords })
  .refine((text) => readChurn(text) !== null, churnWords)
  .describe(
    "Connections closed, once answered, and opened again: so many a second (50), or each after a life of 30s, 10s..60s or exponential(30s), drawn by seed (none)",
  );

/** @returns null for another text */
export function readChurn(text: string): Churn | null {
  const perS = readQuantity(text, { kind: "rate", least: 0, most: 100_000, isAbove: true });
  if (perS !== null) return { kind: "rate", perS };
  // Without a unit a range might as well be one of rates.
  if (!/\d *[a-z]+ *\)?$/.test(text.trim())) return null;
  const life = readTimeSpread(text, { kind: "time", least: shortestLifeS, most: 86_400 });
  return life === null ? null : { kind: "life", life };
}

/** Connections of so many that end a second, on average. */
export function churnPerS(churn: Churn, connections: number): number {
  return churn.kind === "rate" ? churn.perS : connections / meanOfSpread(churn.life);
}

/** @throws UsageError for so many a second that each of the connections would last less than any life may */
export function requireLives(churn: Churn, connections: number): Churn {
  const most = connections / shortestLifeS;
  if (churnPerS(churn, connections) <= most) return churn;
  throw new UsageError(
    `Cannot have ${churnPerS(churn, connections)} of ${connections} connections come and go a second: want ${most} at the most, for each to last ${shortestLifeS} s, or more connections`,
  );
}
