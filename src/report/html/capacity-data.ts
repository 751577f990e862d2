/** What the page draws of a capacity search: every step at its load, and the places on the axis that the answer names. */
import type { ArmCapacity, Capacity, CapacityStepResult } from "../../results/capacity-schema.js";
import { risingCurve } from "../capacity/rising-curve.js";
import { storedSlos } from "../words/stored-slos.js";
import { sharp } from "./sharp.js";

/** `measured`: of the sweep below the edge, which is held to nothing. */
export type LoadOutcome = "kept" | "missed" | "measured" | "void";

/** A latency that the chart has a line for. */
interface LoadSeries {
  /** `response p99`. */
  readonly name: string;
  /** By arm. */
  readonly arms: readonly LoadLine[];
}

interface LoadLine {
  /** By load of the arm, in µs: the rising curve through its steps that count; null where none has the latency. */
  readonly fit: readonly (number | null)[];
  /** By step of the arm. */
  readonly us: readonly (number | null)[];
}

/** A step of the search, or of the sweep. */
interface LoadStep {
  /** Place in the arm's `loads`. */
  readonly at: number;
  readonly outcome: LoadOutcome;
}

/** A load that the answer names, messages a second; the interval where it has one. */
export interface LoadPlace {
  readonly words: string;
  readonly perS: number;
  readonly low: number;
  readonly high: number;
  readonly kind: "knee" | "edge" | "foretold";
}

export interface CapacityArm {
  readonly name: string;
  /** Offered, messages a second, rising; each once. */
  readonly loads: readonly number[];
  readonly steps: readonly LoadStep[];
  readonly places: readonly LoadPlace[];
}

export interface CapacityChart {
  readonly arms: readonly CapacityArm[];
  readonly series: readonly LoadSeries[];
  /** Clauses of the SLO about a latency that has a line, with the line's name. */
  readonly limits: readonly { readonly words: string; readonly series: string; readonly us: number }[];
}

const statisticNames = ["p99", "mean"];
/** Fewer make no curve. */
const leastLoads = 2;

/** Null without loads enough, as in a search for connections. */
export function capacityChart(capacity: Capacity): CapacityChart | null {
  const arms = [capacity, ...capacity.others].filter((arm) => loadsOf(arm).length >= leastLoads);
  if (arms.length === 0) return null;
  const limits = capacity.slo.flatMap(latencyLimits);
  const names = new Set([
    ...statisticNames.map((name) => `response ${name}`),
    ...limits.map(({ series }) => series),
    "wire p99",
  ]);
  const series = [...names]
    .map((name) => ({ name, arms: arms.map((arm) => lineOf(arm, name)) }))
    .filter((one) => one.arms.some(({ us }) => us.some((value) => value !== null)));
  if (series.length === 0) return null;
  return {
    arms: arms.map((arm) => ({
      name: arm.arm,
      loads: loadsOf(arm),
      steps: chartedSteps(arm).map(({ ratePerS, outcome, kind }) => ({
        at: loadsOf(arm).indexOf(ratePerS),
        outcome: kind === "sweep" && outcome !== "void" ? "measured" : outcomes[outcome],
      })),
      places: placesOf(arm),
    })),
    series,
    limits: limits.filter((limit) => series.some(({ name }) => name === limit.series)),
  };
}

const outcomes = { pass: "kept", fail: "missed", void: "void" } as const;

/** A response clause as a line across the chart. */
function latencyLimits(expression: string): CapacityChart["limits"] {
  return storedSlos(expression).flatMap(({ metric, limit }) => {
    const [, statistic] = /^response\.(\w+)$/.exec(metric) ?? [];
    return statistic === undefined
      ? []
      : [{ words: expression, series: `response ${statistic}`, us: sharp(limit) }];
  });
}

type ChartedStep = CapacityStepResult & { readonly ratePerS: number };

/** In the order of loads. */
function chartedSteps({ steps }: ArmCapacity): ChartedStep[] {
  return steps
    .filter((step): step is ChartedStep => {
      return (step.kind === "search" || step.kind === "sweep") && step.ratePerS !== null;
    })
    .sort((a, b) => a.ratePerS - b.ratePerS);
}

function loadsOf(arm: ArmCapacity): number[] {
  return [...new Set(chartedSteps(arm).map(({ ratePerS }) => ratePerS))];
}

function lineOf(arm: ArmCapacity, name: string): LoadLine {
  const [series, statistic] = name.split(" ") as ["response" | "wire", "p99" | "mean"];
  const steps = chartedSteps(arm);
  const usOf = ({ trial }: ChartedStep): number | null => trial.latencyUs[series]?.[statistic] ?? null;
  const counted = steps.filter(({ outcome }) => outcome !== "void");
  const fit = new Map(
    risingCurve(counted.map((step) => ({ x: step.ratePerS, y: usOf(step) }))).map(({ x, y }) => [x, y]),
  );
  return {
    fit: loadsOf(arm).map((load) => sharp(fit.get(load) ?? null)),
    us: steps.map((step) => sharp(usOf(step))),
  };
}

function placesOf({ ratePerS, kneePerS, limits }: ArmCapacity): LoadPlace[] {
  const cpu = limits.find(({ name, unit }) => name === "proxy-cpu" && unit === "messages/s")?.foretold;
  return [
    ...(kneePerS === null ? [] : [{ ...spanOf(kneePerS), words: "knee", kind: "knee" as const }]),
    ...(ratePerS === null
      ? []
      : [
          {
            ...spanOf(ratePerS),
            words: ratePerS.isAtLeast ? "SLO kept, at least" : "SLO's edge",
            kind: "edge" as const,
          },
        ]),
    ...(cpu == null
      ? []
      : [{ words: "proxy-cpu foretold", perS: sharp(cpu), low: cpu, high: cpu, kind: "foretold" as const }]),
  ];
}

interface Span {
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}

function spanOf({ value, low, high }: Span): Pick<LoadPlace, "perS" | "low" | "high"> {
  return { perS: sharp(value), low: sharp(low), high: sharp(high ?? value) };
}
