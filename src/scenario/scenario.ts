/**
 * A scenario is one question: which arms, under which workload, compared how. The schema is what a file may say;
 * `Scenario` is what the run reads, with every default filled in.
 */
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.js";
import { type Arm, type ArmTarget, armForms, parseArm } from "./arm.js";
import type { Axis, Point } from "./axes.js";
import { type CpuChoice, cpusSchema } from "./cpu-list.js";
import type { BurnIn, Interleave } from "./interleave.js";
import { bareNames, type MetricName, metricFault, metricNames } from "./metric.js";
import { shareSchema } from "./quantity-schema.js";
import type { Slo } from "./slo.js";
import { sloSchema } from "./slo-key.js";
import { type Workload, workloadSchema } from "./workload.js";

const scalar = z
  .union([z.string(), z.number(), z.boolean()], { error: "want a text, a number, true or false" })
  .transform(String);
const directives = z.record(
  z.string().regex(/^[A-Za-z][\w.-]*(?: [\w.-]+)?$/, "want a directive's name"),
  scalar,
);

const metricSchema = z
  .enum([...bareNames, ...metricNames], { error: ({ input }) => metricFault(input) })
  .describe("A percentile such as p99 is of the round trip");

const combination = z.record(z.string(), scalar);

const matrixSchema = z
  .object({
    include: z
      .array(combination)
      .optional()
      .describe(
        "Values added to the combinations they fit, or combinations of their own, as in GitHub Actions",
      ),
    exclude: z.array(combination).optional().describe("Combinations left out: all that have these values"),
  })
  .catchall(z.array(scalar).min(1));

/** Checked with everything else that the file says, so that all its faults come together. */
const armSchema = z
  .string()
  .min(1)
  .check(({ value, issues }) => {
    try {
      parseArm(value);
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      issues.push({ code: "custom", input: value, message: messageOf(thrown), continue: true });
    }
  });

export const scenarioSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "want 1 to 64 letters, digits, dots, dashes or underscores")
    .optional()
    .describe("Name of the run's folder and report (the file's name)"),
  description: z.string().optional().describe("The question in a sentence"),
  workload: workloadSchema.optional().describe("What every arm is loaded with"),
  arms: z
    .array(
      z.union(
        [
          armSchema,
          z.strictObject({
            arm: armSchema.describe(`${armForms} or a ws:// or wss:// URL`),
            name: z.string().optional().describe("Name of the arm in reports"),
            set: directives.optional().describe("Directives changed in the built-in config"),
          }),
        ],
        { error: "want an arm such as nginx, or a map with arm" },
      ),
    )
    .min(1)
    .describe("What is compared; the first arm is the baseline unless compare.baseline says otherwise"),
  direct: z
    .boolean()
    .optional()
    .describe("Measure each load without a proxy as well: the floor, shown beside the arms and not compared"),
  matrix: matrixSchema
    .optional()
    .describe(
      "Axes that multiply every arm: a directive of the built-in config, or a workload key such as payload, connections or rate",
    ),
  cpus: cpusSchema.optional(),
  compare: z
    .strictObject({
      axis: z
        .string()
        .optional()
        .describe(
          "Axis whose values are compared, each with the first within the same values of the others: arm, or a directive of the matrix (arm where there are several, else the first directive); none: nothing is compared, and each arm has one trial a block",
        ),
      baseline: z
        .string()
        .optional()
        .describe("Name of the arm, or with axis the value, that the others are compared with"),
      metrics: z
        .array(metricSchema)
        .min(1)
        .optional()
        .describe(
          "Metrics that get a verdict (p50, p99 and cpuUsPerMessage; in a closed loop throughputPerS and p99); a bare p50 is of the wire, in a closed loop and where the kernel stamps no replies of the round trip",
        ),
      margin: shareSchema
        .optional()
        .describe("Differences within this share count as equivalent (5 %; 20 % for p99 and beyond)"),
      precision: shareSchema
        .optional()
        .describe("Go on until every 95 % interval is within this share of its ratio, or the time is up"),
    })
    .optional()
    .describe("How the arms are compared"),
  slo: sloSchema.optional(),
});

export type ScenarioInput = z.infer<typeof scenarioSchema>;
export type MatrixInput = z.infer<typeof matrixSchema>;

/** A scenario whose arms are no text any more. */
export type ParsedScenario = Omit<ScenarioInput, "arms"> & { readonly arms: readonly Arm[] };

/** An arm with the workload it runs under. */
export interface PlannedArm {
  readonly name: string;
  readonly target: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  readonly workload: Workload;
  /** Arms of one group carry the same load; only they can be compared. */
  readonly group: string;
  /** Its value on every axis of the matrix. */
  readonly cell: Point;
  /** Measured to be shown beside the others, and compared with nothing. */
  readonly isFloor: boolean;
}

/** What makes a run a gate: it ends as soon as anything is proven worse. */
interface GateTerms {
  /** `worse`: any proven slowdown beyond what is proven to be within the margin. `exceeds`: only one beyond the margin. */
  readonly failOn: "worse" | "exceeds";
}

/** One arm against its baseline. */
export interface Pair {
  readonly baseline: string;
  readonly candidate: string;
}

export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  readonly arms: readonly PlannedArm[];
  /** The axes of the matrix, and that of the arms where there are several. */
  readonly axes: readonly Axis[];
  /** Null where the arms are compared along none. */
  readonly comparedAxis: string | null;
  readonly pairs: readonly Pair[];
  /** What runs back to back within a block. */
  readonly rounds: readonly Round[];
  /** Of an arm that is compared with itself. */
  readonly aa: { readonly arm: string; readonly again: string } | null;
  readonly metrics: readonly MetricName[];
  /** What every arm is held to. */
  readonly slos: readonly Slo[];
  /** Null: not a gate. */
  readonly gate: GateTerms | null;
  readonly cpus: CpuChoice;
  readonly margins: Readonly<Partial<Record<MetricName, number>>>;
  /** Null: drawn when the run starts. */
  readonly seed: number | null;
  /** Null: as many blocks as a verdict needs and the time allows. */
  readonly blocks: number | null;
  /** Null: no limit, because the number of blocks was given. */
  readonly maxSeconds: number | null;
  /** Half the width that every 95 % interval shall come down to, as a share; null: a verdict is enough. */
  readonly precision: number | null;
  /** How its arms share the time. */
  readonly interleave: Interleave;
  readonly burnIn: BurnIn;
}

/** Names of the arms of one round. */
export type Round = readonly string[];
