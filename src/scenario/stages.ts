/**
 * How a load goes over time, as people write it: `10s at 1000, 30s at 1000..5000`, `30s with 100..2000`, or a CSV file with the
 * same in columns.
 */
import { parseCsv } from "../base/csv.js";
import { type Quantity, readQuantity } from "../base/quantity.js";
import { readSmallFile } from "../base/read-small-file.js";

/** From one value to another, evenly, in so many seconds. */
export interface Leg {
  readonly forS: number;
  readonly from: number;
  readonly to: number;
}

/** A value that is held, or the two between which it goes. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** @returns null for what is no such value */
export function readSpan(text: string, quantity: Quantity): Span | null {
  const [from, to, ...more] = text.split("..");
  if (from === undefined || more.length > 0) return null;
  const [first, last] = [readQuantity(from, quantity), readQuantity(to ?? from, quantity)];
  return first === null || last === null ? null : { from: first, to: last };
}

/** A stage as a file or a flag gives it: its parts, unread. */
interface StageTexts {
  readonly for: string;
  readonly rate?: string;
  readonly connections?: string;
}

/** `10s at 1000, 30s at 1000..5000 with 100..500, 10s with 500`. @returns null for another text */
export function splitStages(text: string): StageTexts[] | null {
  // A comma between thousands has a digit on each side.
  const parts = text
    .split(/,(?!\d{3})/)
    .map((part) => /^\s*(\S+)(?:\s+at\s+(\S+))?(?:\s+with\s+(\S+))?\s*$/.exec(part));
  return parts.every((part) => part !== null && (part[2] ?? part[3]) !== undefined)
    ? parts.map((part) => textsOf(part?.[1], part?.[2], part?.[3]))
    : null;
}

/** @throws the system's error; @returns null where it has no such columns */
export function readStagesFile(file: string): StageTexts[] | null {
  const [names = [], ...rows] = parseCsv(readSmallFile(file).toString("utf8")) ?? [];
  const at = (name: string): number => names.findIndex((one) => one.trim() === name);
  const [time, rate, connections] = [at("for"), at("rate"), at("connections")];
  if (time === -1 || (rate === -1 && connections === -1) || rows.length === 0) return null;
  return rows.map((row) => textsOf(row[time], row[rate], row[connections]));
}

function textsOf(time = "", rate?: string, connections?: string): StageTexts {
  return {
    for: time,
    ...(rate === undefined ? {} : { rate }),
    ...(connections === undefined ? {} : { connections }),
  };
}

/** Seconds that they take together. */
export function secondsOf(legs: readonly Pick<Leg, "forS">[]): number {
  return legs.reduce((sum, { forS }) => sum + forS, 0);
}

/** What they come to on average over their time. */
export function meanOf(legs: readonly Leg[]): number {
  return legs.reduce((sum, { forS, from, to }) => sum + (forS * (from + to)) / 2, 0) / secondsOf(legs);
}

/** The most that they come to. */
export function mostOf(legs: readonly Leg[]): number {
  return Math.max(...legs.map(({ from, to }) => Math.max(from, to)));
}
