/** The workload's key `mix`, as a scenario gives it (a list) or a flag (one text). */
import { z } from "zod";
import { quantitySchema, shareSchema } from "./quantity-schema.js";
import { textOr } from "./text-or.js";

/** A share of the connections, and how many messages each of them sends a second. */
export interface ConnectionClass {
  readonly share: number;
  readonly rate: number;
}

const words = "want share and rate of each class, or one text such as '90% at 0.02, 10% at 5'";
const mostClasses = 16;
/** Shares that were rounded need not come to one exactly. */
const tolerance = 0.005;

const oneClass = z.strictObject(
  {
    share: shareSchema,
    rate: quantitySchema({ kind: "rate", least: 0, most: 1_000_000 }),
  },
  { error: words },
);

const fullMix = z
  .array(oneClass, { error: words })
  .min(1)
  .max(mostClasses)
  .check(({ value, issues }) => {
    const fault = (message: string): void => void issues.push({ code: "custom", input: value, message });
    const sum = value.reduce((total, { share }) => total + share, 0);
    if (Math.abs(sum - 1) > tolerance)
      fault(`want shares that come to 100 %, and these come to ${Number((100 * sum).toPrecision(4))} %`);
    else if (value.every(({ rate }) => rate === 0)) fault("want a class that sends: every rate is 0");
  })
  .transform((classes): readonly ConnectionClass[] => classes);

export const mixSchema = textOr(fullMix, splitMix, words).describe(
  "Classes of connections, each with its share and the messages a second of each connection: '90% at 0.02, 10% at 5' (all alike)",
);

function splitMix(given: string): unknown {
  const parts = given.split(/,(?!\d{3})/).map((part) => /^\s*(\S+)\s+at\s+(\S+)\s*$/.exec(part));
  return parts.every((part) => part !== null) ? parts.map(([, share, rate]) => ({ share, rate })) : null;
}

/** Messages a second that so many connections send together. */
export function rateOfMix(classes: readonly ConnectionClass[], connections: number): number {
  const counts = countsOfMix(classes, connections);
  return classes.reduce((sum, { rate }, at) => sum + rate * (counts[at] ?? 0), 0);
}

/** Whole connections of each class: those with the largest remainders get what is left over. */
export function countsOfMix(classes: readonly ConnectionClass[], connections: number): number[] {
  const sum = classes.reduce((total, { share }) => total + share, 0);
  const exact = classes.map(({ share }) => (connections * share) / sum);
  const counts = exact.map(Math.floor);
  const left = connections - counts.reduce((total, count) => total + count, 0);
  const byRemainder = exact
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { at } of byRemainder.slice(0, left)) counts[at] = (counts[at] ?? 0) + 1;
  return counts;
}
