/** The golden vectors of the statistics contract, typed. Tests run with the repository as current directory. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export type Ends = readonly [low: number | null, high: number | null];

export interface SignedRankVector {
  readonly d: readonly number[];
  readonly hodgesLehmann: number;
  readonly level: number;
  readonly kth: number;
  readonly ci: Ends;
  readonly pGreater: number;
  readonly pLess: number;
  readonly shifted: { readonly theta: number; readonly pGreater: number; readonly pLess: number };
}

export interface HolmVector {
  readonly p: readonly number[];
  readonly alpha: number;
  readonly rejected: readonly boolean[];
  readonly level: readonly number[];
  readonly adjusted: readonly number[];
}

export interface PlanVector {
  readonly looks: readonly number[];
  readonly fractions: readonly number[];
  readonly alpha: number;
  readonly alphaEq: number;
  readonly margins: Readonly<Record<string, number>>;
  readonly minBlocks: number;
}

export interface ComparisonVector {
  readonly arm: string;
  readonly metric: string;
  readonly n: number;
  readonly est: number;
  readonly ci95: Ends;
  readonly ratio: number;
  readonly ratioCi95: Ends;
  readonly pWorse: number;
  readonly pBetter: number;
  readonly pWorseAdj: number;
  readonly pBetterAdj: number;
  readonly pEquivalent: number;
  readonly decision: Ends;
  readonly direction: string | null;
  readonly mde80: number;
  readonly verdict: string;
}

/** `block, pos, arm, ok, messages, windowMs, proxyCpuUs, p50Ns, p99Ns` */
export type TrialRow = readonly [number, number, string, boolean, number, number, number, number, number];

export interface RunVector {
  readonly name: string;
  readonly baseline: string;
  readonly gateMetrics: readonly string[];
  readonly plan?: PlanVector;
  readonly trials: { readonly columns: readonly string[]; readonly rows: readonly TrialRow[] };
  readonly expected: {
    readonly look: number | null;
    readonly blocks: number;
    readonly alphaLook?: number;
    readonly gate: string;
    readonly comparisons: readonly ComparisonVector[];
  };
}

export interface HistoryVector {
  readonly ratios: readonly number[];
  readonly minSegment: number;
  readonly pMax: number;
  readonly expected: readonly { readonly index: number; readonly shiftLog: number }[];
}

export interface CapacityVector {
  readonly first: number;
  readonly top: number;
  readonly probes: readonly (readonly [load: number, passed: boolean])[];
  readonly expected: { readonly q05: number; readonly median: number; readonly q95: number };
  readonly relTol: number;
}

export interface StatsVectors {
  readonly capacity: readonly CapacityVector[];
  readonly plan: PlanVector;
  readonly signedRank: readonly SignedRankVector[];
  readonly holm: readonly HolmVector[];
  readonly runs: readonly RunVector[];
  readonly history: readonly HistoryVector[];
}

export const statsVectors: StatsVectors = JSON.parse(readFileSync("test/golden/stats-vectors.json", "utf8"));

/** The tolerances the contract states. */
export const tolerance = { estimate: 1e-6, mde80: 1e-5, pValue: 1e-9 };

/** Fails unless both are null or they differ by at most `within`. */
export function assertNear(
  actual: number | null,
  expected: number | null,
  within: number,
  what: string,
): void {
  if (actual === null || expected === null) {
    assert.equal(actual, expected, what);
    return;
  }
  assert.ok(
    Math.abs(actual - expected) <= within,
    `${what}: ${actual} is not within ${within} of ${expected}`,
  );
}
