/**
 * A scenario as written into one as run: arms parsed, the matrix multiplied out, every default filled in.
 */
import { messageOf, UsageError } from "../base/errors.js";
import { type Arm, parseArm } from "./arm.js";
import { defaultMetrics } from "./default-metrics.js";
import { type Cell, expandMatrix } from "./matrix.js";
import { defaultMargin, type MetricName, metricNames, percentileNames } from "./metric.js";
import type { Pair, PlannedArm, Scenario, ScenarioInput } from "./scenario.js";
import { resolveWorkload, type WorkloadInput, workloadSchema } from "./workload.js";

/** Blocks where nothing is compared, so that no verdict says when it is enough. */
const blocksWithoutVerdict = 5;

export interface ResolveOptions {
  /** Used where the scenario names itself nothing. */
  readonly name: string;
  /** Workload keys given on the command line, which go before the scenario's. */
  readonly overrides: WorkloadInput;
  /** Finds a config file that an arm names. */
  readonly locate: (file: string) => string;
}

/** @throws UsageError naming every fault, one a line */
export function resolveScenario(input: ScenarioInput, options: ResolveOptions): Scenario {
  const given = mergeWorkloads(input.workload ?? {}, options.overrides);
  const workload = resolveWorkload(given);
  const cells = expandMatrix(parseArms(input, options.locate), input.matrix ?? {});
  const arms = cells.map((cell) => planArm(cell, given));
  rejectDuplicates(arms);
  const pairs = pairUp(arms, input.compare?.baseline ?? null);
  const metrics = resolveMetrics(input.compare?.metrics ?? null, arms);
  const margin = input.compare?.margin;
  return {
    name: input.name ?? options.name,
    description: input.description ?? null,
    arms,
    pairs,
    metrics,
    cpus: input.cpus ?? "auto",
    margins: Object.fromEntries(metrics.map((metric) => [metric, margin ?? defaultMargin(metric)])),
    seed: workload.seed,
    blocks: workload.blocks ?? (pairs.length === 0 ? blocksWithoutVerdict : null),
    maxSeconds: workload.maxSeconds,
  };
}

/** The command line's keys go before the file's, and those that exclude each other replace each other. */
function mergeWorkloads(file: WorkloadInput, flags: WorkloadInput): WorkloadInput {
  const merged: WorkloadInput = { ...file };
  const exclusive: readonly (readonly (keyof WorkloadInput)[])[] = [
    ["rate", "closed"],
    ["text", "binary"],
    ["insecure", "ca"],
  ];
  for (const keys of exclusive) {
    if (keys.some((key) => flags[key] !== undefined)) for (const key of keys) delete merged[key];
  }
  return { ...merged, ...flags };
}

function parseArms({ arms }: ScenarioInput, locate: (file: string) => string): Arm[] {
  const faults: string[] = [];
  const parsed = arms.flatMap((item) => {
    try {
      const { name, arm: text, set = {} } = typeof item === "string" ? { name: undefined, arm: item } : item;
      const arm = parseArm(name === undefined ? text : `${name}=${text}`, set);
      const { target } = arm;
      const file = target.kind === "nginx" ? target.configFile : null;
      return [file === null ? arm : { ...arm, target: { kind: "nginx" as const, configFile: locate(file) } }];
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      faults.push(messageOf(thrown));
      return [];
    }
  });
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return parsed;
}

function planArm({ arm, overrides, group }: Cell, given: WorkloadInput): PlannedArm {
  const checked = workloadSchema.safeParse({ ...given, ...overrides });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UsageError(`The matrix asks for ${group}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return { ...arm, workload: resolveWorkload(checked.data), group };
}

function rejectDuplicates(arms: readonly PlannedArm[]): void {
  const seen = new Set<string>();
  for (const { name } of arms) {
    const key = name.toLowerCase();
    if (seen.has(key)) {
      throw new UsageError(
        `Two arms are named ${name}: give one another name with NAME=ARM, such as a=nginx`,
      );
    }
    seen.add(key);
  }
}

/** Every arm against the first of its group, or against the one that was named where it is in the group. */
function pairUp(arms: readonly PlannedArm[], baselineName: string | null): Pair[] {
  const isNamed = ({ name }: PlannedArm): boolean =>
    baselineName !== null && (name === baselineName || name.startsWith(`${baselineName}.`));
  if (baselineName !== null && !arms.some(isNamed)) {
    throw new UsageError(
      `No arm is named ${baselineName}, which compare.baseline asks for: want one of ${arms.map(({ name }) => name).join(", ")}`,
    );
  }
  return arms.flatMap((candidate) => {
    const group = arms.filter((arm) => arm.group === candidate.group);
    const baseline = group.find(isNamed) ?? group[0];
    return baseline === undefined || baseline === candidate
      ? []
      : [{ baseline: baseline.name, candidate: candidate.name }];
  });
}

function resolveMetrics(
  given: readonly (MetricName | (typeof percentileNames)[number])[] | null,
  arms: readonly PlannedArm[],
): MetricName[] {
  if (given === null) return defaultMetrics(arms);
  const resolved = given.map((name) => {
    const percentile = percentileNames.find((short) => short === name);
    return percentile ? (`roundTrip.${percentile}` as const) : metricNames.find((full) => full === name);
  });
  return [...new Set(resolved.filter((name) => name !== undefined))];
}
