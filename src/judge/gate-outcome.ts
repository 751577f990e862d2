/** A finished series as one word for CI. */
import { assertNever } from "../base/assert-never.js";
import type { Comparison } from "./comparison.js";
import type { OneSidedFailure } from "./one-sided-failures.js";

/** One thing that kept the gate from passing. */
export type GateReason =
  | { readonly kind: "worse"; readonly comparison: Comparison }
  | { readonly kind: "inconclusive"; readonly comparison: Comparison }
  | { readonly kind: "failures"; readonly failure: OneSidedFailure };

export interface GateOutcome {
  readonly outcome: "passed" | "failed" | "inconclusive";
  /** What failed it, or else what was left open; empty when passed. */
  readonly reasons: readonly GateReason[];
}

/** Failed if anything is worse or fails on the candidate's side alone; else inconclusive if anything is; else passed. */
export function gateOutcome(
  comparisons: readonly Comparison[],
  failures: readonly OneSidedFailure[],
): GateOutcome {
  const fromFailures = failures.map((failure): GateReason => ({ kind: "failures", failure }));
  const fromVerdicts = comparisons.flatMap(reasonOf);
  const failing = [...fromVerdicts.filter(({ kind }) => kind === "worse"), ...fromFailures];
  if (failing.length > 0) return { outcome: "failed", reasons: failing };
  return { outcome: fromVerdicts.length > 0 ? "inconclusive" : "passed", reasons: fromVerdicts };
}

function reasonOf(comparison: Comparison): readonly GateReason[] {
  switch (comparison.verdict) {
    case "worse":
      return [{ kind: "worse", comparison }];
    case "inconclusive":
      return [{ kind: "inconclusive", comparison }];
    case "better":
    case "equivalent":
      return [];
    default:
      return assertNever(comparison.verdict);
  }
}
