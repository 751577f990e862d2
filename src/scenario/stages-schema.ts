/** The workload's key `stages`, as a scenario gives it (a list), or a flag (one text, or a file). */
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.js";
import type { Quantity } from "../base/quantity.js";
import { quantitySchema } from "./quantity-schema.js";
import {
  type Leg,
  meanOf,
  mostOf,
  readSpan,
  readStagesFile,
  type Span,
  secondsOf,
  splitStages,
} from "./stages.js";
import { textOr } from "./text-or.js";

/** So long it holds the rate, or the connections, or goes from one value to another. */
export interface Stage {
  readonly for: number;
  readonly rate?: Span | undefined;
  readonly connections?: Span | undefined;
}

const words =
  "want for, and rate or connections, of each stage, one text such as '10s at 1000, 30s at 1000..5000' or '30s with 100..2000', or a CSV file with columns for, and rate or connections";
const mostStages = 10_000;
const mostSeconds = 3600;

const rates: Quantity = { kind: "rate", least: 0, most: 10_000_000 };
const counts: Quantity = { kind: "count", least: 1, most: 1_000_000 };

function spanSchema(what: string, quantity: Quantity) {
  const spanWords = `want ${what} to hold, such as 1000, or two to go between, such as 1000..5000`;
  return z
    .union([z.number().transform(String), z.string(), z.strictObject({ from: z.number(), to: z.number() })], {
      error: spanWords,
    })
    .transform((given, { addIssue }): Span => {
      const span = readSpan(typeof given === "string" ? given : `${given.from}..${given.to}`, quantity);
      if (span !== null) return span;
      addIssue({ code: "custom", message: spanWords });
      return z.NEVER;
    });
}

const stageSchema = z.strictObject(
  {
    for: quantitySchema({ kind: "time", least: 0, most: mostSeconds, isAbove: true }),
    rate: spanSchema("a rate", rates).optional(),
    connections: spanSchema("1 connection or more", counts).optional(),
  },
  { error: words },
);

const fullStages = z
  .array(stageSchema, { error: words })
  .min(1)
  .max(mostStages)
  .check(({ value, issues }) => {
    const fault = faultOf(value);
    if (fault !== null) issues.push({ code: "custom", input: value, message: fault });
  })
  .transform((stages): readonly Stage[] => stages);

function faultOf(stages: readonly Stage[]): string | null {
  const seconds = stageSeconds(stages);
  if (seconds < 0.05 || seconds > mostSeconds)
    return `want stages of 50ms to 1h together, and these take ${seconds} s`;
  for (const key of ["rate", "connections"] as const) {
    const given = stages.filter((stage) => stage[key] !== undefined).length;
    if (given > 0 && given < stages.length)
      return `want ${key} of all stages or of none, and ${given} of ${stages.length} have it`;
  }
  const rateLegs = rateLegsOf(stages);
  if (rateLegs === null && connectionLegsOf(stages) === null) return words;
  return rateLegs !== null && meanOf(rateLegs) === 0 ? "want a stage that sends: every rate is 0" : null;
}

export const stagesSchema = textOr(fullStages, readStages, words).describe(
  "Rate or connections over time, which is the measured time: '10s at 1000, 30s at 1000..5000' the rate, '30s with 100..2000' the connections, 'at' and 'with' both, or a CSV file with columns for, rate, connections (they stay the same)",
);

/** Null where the stages say nothing of the rate. */
export function rateLegsOf(stages: readonly Stage[]): readonly Leg[] | null {
  return legsOf(stages, "rate");
}

/** Null where the stages say nothing of the connections. */
export function connectionLegsOf(stages: readonly Stage[] | null): readonly Leg[] | null {
  return legsOf(stages ?? [], "connections");
}

function legsOf(stages: readonly Stage[], key: "rate" | "connections"): readonly Leg[] | null {
  const legs = stages.flatMap((stage) => {
    const span = stage[key];
    return span === undefined ? [] : [{ forS: stage.for, ...span }];
  });
  return legs.length === 0 ? null : legs;
}

/** Seconds that they take together. */
export function stageSeconds(stages: readonly Stage[]): number {
  return secondsOf(stages.map((stage) => ({ forS: stage.for })));
}

/** The most connections that stages want; null where they say nothing of them. */
export function mostConnections(stages: readonly Stage[] | undefined): number | null {
  const legs = connectionLegsOf(stages ?? null);
  return legs === null ? null : mostOf(legs);
}

/** @returns null for what is neither a line of stages nor a file with them */
function readStages(text: string): unknown {
  const stages = splitStages(text);
  if (stages !== null || !/[./]/.test(text) || /\s/.test(text)) return stages;
  try {
    return readStagesFile(text);
  } catch (thrown) {
    throw new UsageError(`Cannot read the stages ${text}: ${messageOf(thrown)}`);
  }
}
