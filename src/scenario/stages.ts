/**
 * How a load goes over time, as people write it: `10s at 1000, 30s at 1000..5000`, or a CSV file with the same in columns.
 */
import { parseCsv } from "../base/csv.js";
import { readQuantity } from "../base/quantity.js";
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

export const spanWords = "want a rate to hold, such as 1000, or two to go between, such as 1000..5000";
const mostRate = 10_000_000;

/** @returns null for what is no rate */
export function readSpan(text: string): Span | null {
  const [from, to, ...more] = text.split("..");
  const read = (part: string): number | null =>
    readQuantity(part, { kind: "rate", least: 0, most: mostRate });
  if (from === undefined || more.length > 0) return null;
  const [first, last] = [read(from), read(to ?? from)];
  return first === null || last === null ? null : { from: first, to: last };
}

/** A stage as a file or a flag gives it: its parts, unread. */
interface StageTexts {
  readonly for: string;
  readonly rate: string;
}

/** `10s at 1000, 30s at 1000..5000`. @returns null for another text */
export function splitStages(text: string): StageTexts[] | null {
  // A comma between thousands has a digit on each side.
  const parts = text.split(/,(?!\d{3})/).map((part) => /^\s*(\S+)\s+at\s+(\S+)\s*$/.exec(part));
  return parts.every((part) => part !== null)
    ? parts.map(([, time = "", rate = ""]) => ({ for: time, rate }))
    : null;
}

/** @throws the system's error; @returns null where it has no such columns */
export function readStagesFile(file: string): StageTexts[] | null {
  const [names = [], ...rows] = parseCsv(readSmallFile(file).toString("utf8")) ?? [];
  const at = (name: string): number => names.findIndex((one) => one.trim() === name);
  const [time, rate] = [at("for"), at("rate")];
  if (time === -1 || rate === -1 || rows.length === 0) return null;
  return rows.map((row) => ({ for: row[time] ?? "", rate: row[rate] ?? "" }));
}

/** Seconds that they take together. */
export function secondsOf(legs: readonly Leg[]): number {
  return legs.reduce((sum, { forS }) => sum + forS, 0);
}

/** What they come to on average over their time. */
export function meanOf(legs: readonly Leg[]): number {
  return legs.reduce((sum, { forS, from, to }) => sum + (forS * (from + to)) / 2, 0) / secondsOf(legs);
}
