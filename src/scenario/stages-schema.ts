/** The workload's key `stages`, as a scenario gives it (a list), or a flag (one text, or a file). */
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.js";
import { quantitySchema } from "./quantity-schema.js";
import { meanOf, readSpan, readStagesFile, type Span, secondsOf, spanWords, splitStages } from "./stages.js";
import { textOr } from "./text-or.js";

/** So long it holds the rate, or goes from one to another. */
export interface Stage {
  readonly for: number;
  readonly rate: Span;
}

const words =
  "want for and rate of each stage, one text such as '10s at 1000, 30s at 1000..5000', or a CSV file with columns for and rate";
const mostStages = 10_000;
const mostSeconds = 3600;

const spanSchema = z
  .union([z.number().transform(String), z.string(), z.strictObject({ from: z.number(), to: z.number() })], {
    error: spanWords,
  })
  .transform((given, { addIssue }): Span => {
    const span = typeof given === "string" ? readSpan(given) : given;
    if (span !== null) return span;
    addIssue({ code: "custom", message: spanWords });
    return z.NEVER;
  });

const stageSchema = z.strictObject(
  { for: quantitySchema({ kind: "time", least: 0, most: mostSeconds, isAbove: true }), rate: spanSchema },
  { error: words },
);

const fullStages = z
  .array(stageSchema, { error: words })
  .min(1)
  .max(mostStages)
  .check(({ value, issues }) => {
    const fault = (message: string): void => void issues.push({ code: "custom", input: value, message });
    const legs = legsOf(value);
    if (secondsOf(legs) < 0.05 || secondsOf(legs) > mostSeconds)
      fault(`want stages of 50ms to 1h together, and these take ${secondsOf(legs)} s`);
    else if (meanOf(legs) === 0) fault("want a stage that sends: every rate is 0");
  })
  .transform((stages): readonly Stage[] => stages);

export const stagesSchema = textOr(fullStages, readStages, words).describe(
  "The rate over time, which is the measured time: '10s at 1000, 30s at 1000..5000', or a CSV file with columns for and rate (it stays the same)",
);

export function legsOf(stages: readonly Stage[]): { forS: number; from: number; to: number }[] {
  return stages.map(({ for: forS, rate }) => ({ forS, ...rate }));
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
