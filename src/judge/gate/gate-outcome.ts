/** A finished series as one word for CI. */
import { assertNever } from "../../base/assert-never.js";
import type { Verdict } from "../series/comparison.js";
import type { OneSidedFailure } from "../series/one-sided-failures.js";

/** What the gate needs of a comparison. */
interface Judged {
  readonly verdict: Verdict;
}

/** One thing that kept the gate from passing. */
type GateReason<Comparison extends Judged> =
  | { readonly kind: "worse"; readonly comparison: Comparison }
  | { readonly kind: "inconclusive"; readonly comparison: Comparison }
  | { readonly kind: "failures"; readonly failure: OneSidedFailure };

interface GateOutcome<Comparison extends Judged> {
  readonly outcome: "passed" | "failed" | "inconclusive";
  /** What failed it, or else what was left open; empty when passed. */
  readonly reasons: readonly GateReason<Comparison>[];
}

/** Failed if anything is worse or fails on the candidate's side alone; else inconclusive if anything is; else passed. */
export function gateOutcome<Comparison extends Judged>(
  comparisons: readonly Comparison[],
  failures: readonly OneSidedFailure[],
): GateOutcome<Comparison> {
  const fromFailures = failures.map((failure): GateReason<Comparison> => ({ kind: "failures", failure }));
  const fromVerdicts = comparisons.flatMap((comparison) => reasonOf(comparison));
  const failing = [...fromVerdicts.filter(({ kind }) => kind === "worse"), ...fromFailures];
  if (failing.length > 0) return { outcome: "failed", reasons: failing };
  return { outcome: fromVerdicts.length > 0 ? "inconclusive" : "passed", reasons: fromVerdicts };
}

function reasonOf<Comparison extends Judged>(comparison: Comparison): readonly GateReason<Comparison>[] {
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
