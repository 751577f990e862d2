/**
 * A scenario as written into one as run: the matrix multiplied out, every default filled in.
 */
import { UsageError } from "../base/errors.js";
import { parseArm } from "./arm.js";
import { isWorkloadAxis } from "./axes.js";
import { defaultMetrics, usualSeriesOf } from "./default-metrics.js";
import { type Cell, expandMatrix } from "./matrix.js";
import { bareNames, defaultMargin, isByDifference, type MetricName, metricNames } from "./metric.js";
import { pairArms } from "./pair-arms.js";
import { placeWords } from "./place-words.js";
import { requireResidence } from "./residence.js";
import { planRounds } from "./rounds.js";
import type { ParsedScenario, PlannedArm, Scenario } from "./scenario.js";
import { schemaWords } from "./schema-words.js";
import { resolveSlos } from "./slo-key.js";
import { mostConnections, rateLegsOf } from "./stages-schema.js";
import { requireUnasked } from "./unasked.js";
import { resolveWorkload, type Workload, type WorkloadInput, workloadSchema } from "./workload.js";

/** Blocks where nothing is compared, so that no verdict says when it is enough. */
const blocksWithoutVerdict = 5;
/** The same where SLOs are to be judged: the interval of a median of 14 trials leaves two outliers out on each side. */
const blocksForSlos = 14;

export interface ResolveOptions {
  /** Used where the scenario names itself nothing. */
  readonly name: string;
  /** Workload keys given on the command line, which go before the scenario's. */
  readonly overrides: WorkloadInput;
  /** Whether the kernel's stamps of replies can be had here; left out: they cannot. */
  readonly hasStamps?: () => boolean;
}

/** @throws UsageError naming every fault, one a line */
export function resolveScenario(input: ParsedScenario, options: ResolveOptions): Scenario {
  const given = mergeWorkloads(input.workload ?? {}, options.overrides);
  const workload = resolveWorkload(given);
  const { axes, cells } = expandMatrix(input.arms, input.matrix ?? {});
  const compared = cells.map((cell) => planArm(cell, given));
  if (workload.behind !== null && compared.every(({ target }) => target.kind !== "url")) {
    throw new UsageError(
      "Cannot stand behind a proxy that somebody else runs: want an arm that is its ws:// or wss:// URL",
    );
  }
  const arms = input.direct ? [...compared, ...floorsOf(compared)] : compared;
  rejectDuplicates(arms);
  if (given.streams !== undefined && arms.every(({ workload: { http } }) => http === 1))
    throw new UsageError(
      "Cannot use streams without http 2: over HTTP/1.1 each connection carries one WebSocket",
    );
  const { axis = null, baseline = null } = input.compare ?? {};
  const { pairs, comparedAxis } = pairArms(arms, axes, { axis, baseline });
  const precision = resolvePrecision(input, workload, options.overrides);
  const metrics = resolveMetrics(
    input.compare?.metrics ?? null,
    compared,
    options.hasStamps ?? (() => false),
  );
  const margin = input.compare?.margin;
  const slos = resolveSlos(input.slo, arms);
  return {
    name: input.name ?? options.name,
    description: input.description ?? null,
    arms,
    axes,
    comparedAxis,
    pairs,
    rounds: planRounds(arms, pairs),
    aa: null,
    metrics,
    slos,
    gate: null,
    cpus: input.cpus ?? "auto",
    margins: Object.fromEntries(metrics.map((metric) => [metric, marginOr(metric, margin)])),
    seed: workload.seed,
    blocks:
      workload.blocks ??
      (pairs.length === 0 ? (slos.length === 0 ? blocksWithoutVerdict : blocksForSlos) : null),
    maxSeconds: workload.maxSeconds,
    precision,
    interleave: workload.interleave,
    burnIn: workload.burnIn,
  };
}

/** A margin that was asked for is a share, which a difference has not. */
function marginOr(metric: MetricName, given: number | undefined): number {
  return given === undefined || isByDifference(metric) ? defaultMargin(metric) : given;
}

/** A number of blocks from the command line goes before the file's precision, as the other way round. */
function resolvePrecision(
  { compare }: ParsedScenario,
  workload: Workload,
  flags: WorkloadInput,
): number | null {
  const precision = workload.precision ?? compare?.precision ?? null;
  if (precision === null || workload.blocks === null) return precision;
  if (flags.blocks !== undefined) return null;
  throw new UsageError(
    "Cannot use precision beside blocks: either the intervals end the run, or the count does",
  );
}

/** One arm without a proxy for each load. */
function floorsOf(arms: readonly PlannedArm[]): PlannedArm[] {
  const byGroup = new Map(arms.map((arm) => [arm.group, arm]));
  return [...byGroup].map(([group, { workload, cell }]) => ({
    ...parseArm("direct"),
    name: group === "" ? "direct" : `direct.${group}`,
    // There is nothing that speaks HTTP/2 without a proxy.
    workload: { ...workload, http: 1 },
    group,
    cell: Object.fromEntries(Object.entries(cell).filter(([name]) => isWorkloadAxis(name))),
    isFloor: true,
  }));
}

/** The command line's keys go before the file's, and those that exclude each other replace each other. */
function mergeWorkloads(file: WorkloadInput, flags: WorkloadInput): WorkloadInput {
  const merged: WorkloadInput = { ...file };
  // Stages of connections alone leave open how the load goes.
  const hasRate = [file, flags].some(({ stages }) => rateLegsOf(stages ?? []) !== null);
  const exclusive: readonly (readonly (keyof WorkloadInput)[])[] = [
    ["rate", "closed", "mix", ...(hasRate ? (["stages"] as const) : []), "replay"],
    ["mix", "stages", "replay"],
    ...(mostConnections(flags.stages ?? file.stages) === null ? [] : [["connections", "stages"] as const]),
    ["duration", "stages"],
    ["payload", "sizes", "replay"],
    ["text", "binary"],
    ["insecure", "ca"],
    ["blocks", "precision"],
  ];
  for (const keys of exclusive) {
    if (keys.some((key) => flags[key] !== undefined)) for (const key of keys) delete merged[key];
  }
  return { ...merged, ...flags };
}

function planArm({ arm, overrides, group, point }: Cell, given: WorkloadInput): PlannedArm {
  const checked = workloadSchema.safeParse({ ...given, ...overrides }, { error: schemaWords });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UsageError(`The matrix asks for ${group}: ${placeWords(issue?.path ?? [])}: ${issue?.message}`);
  }
  return { ...arm, workload: resolveWorkload(checked.data), group, cell: point, isFloor: false };
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

function resolveMetrics(
  given: readonly (MetricName | (typeof bareNames)[number])[] | null,
  arms: readonly PlannedArm[],
  hasStamps: () => boolean,
): MetricName[] {
  const series = usualSeriesOf(arms, hasStamps);
  if (given === null) return defaultMetrics(arms, series);
  const resolved = given.map((name) => {
    const bare = bareNames.find((short) => short === name);
    return bare ? (`${series}.${bare}` as const) : metricNames.find((full) => full === name);
  });
  for (const name of given) {
    requireUnasked(`compare arms by ${name}`, name, arms);
    requireResidence(`compare arms by ${name}`, name, arms);
  }
  return [...new Set(resolved.filter((name) => name !== undefined))];
}
