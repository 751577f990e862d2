/**
 * Everything that a gate looks at, put together into one word: comparisons, failures on one side, findings, SLOs.
 */
import type { Comparison } from "../../results/comparison-schema.js";
import type { GateCause, GatePair, GateResult } from "../../results/gate-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { type OneSidedFailure, oneSidedFailures } from "../series/one-sided-failures.js";
import { gateOutcome } from "./gate-outcome.js";
import { type RolloutRegression, rolloutRegressions } from "./rollout-regressions.js";

/** A cause with what it rests on. */
export type GateEvidence =
  | { readonly kind: "worse" | "inconclusive"; readonly comparison: Comparison }
  | { readonly kind: "failures"; readonly failure: OneSidedFailure; readonly baseline: string }
  | {
      readonly kind: "finding";
      readonly pair: GatePair;
      readonly regression: GatePair["regressions"][number];
    }
  | ({ readonly kind: "rollout" } & RolloutRegression)
  | { readonly kind: "slo" | "slo-unknown"; readonly slo: SloResult }
  /** The budget ended before there was anything to judge. */
  | { readonly kind: "budget" };

export interface GateJudgement {
  readonly outcome: GateResult["outcome"];
  /** What failed it, or else what was left open; empty when passed. */
  readonly evidence: readonly GateEvidence[];
}

/**
 * @param options.cutShort the budget ended before anything could be measured that had to be
 * @param options.rollouts what an event cost each side; left out for none
 */
export function judgeGate(
  document: Pick<RunDocument, "arms" | "comparisons" | "scenario" | "slo">,
  pairs: readonly GatePair[],
  { cutShort, rollouts = [] }: { readonly cutShort: boolean; readonly rollouts?: readonly Rollout[] },
): GateJudgement {
  const { outcome, reasons } = gateOutcome(document.comparisons, gateFailures(document));
  const fromRun = reasons.map(
    (reason): GateEvidence =>
      reason.kind === "failures"
        ? { ...reason, baseline: baselineOf(document, reason.failure.candidate) }
        : reason,
  );
  const findings = pairs.flatMap((pair) =>
    pair.regressions
      .filter(({ fails }) => fails)
      .map((regression): GateEvidence => ({ kind: "finding", pair, regression })),
  );
  const cut = rolloutRegressions(pairs, rollouts).map(
    (regression): GateEvidence => ({ kind: "rollout", ...regression }),
  );
  // A baseline that misses an SLO is how things are; the gate is about the candidate.
  const candidates = new Set(pairs.map(({ candidate }) => candidate));
  const slos = (document.slo ?? []).filter(({ arm }) => candidates.has(arm));
  const ofSlos = (status: SloResult["status"], kind: "slo" | "slo-unknown"): GateEvidence[] =>
    slos.filter((slo) => slo.status === status).map((slo) => ({ kind, slo }));
  const failing = [...findings, ...cut, ...(outcome === "failed" ? fromRun : []), ...ofSlos("missed", "slo")];
  if (failing.length > 0) return { outcome: "failed", evidence: failing };
  const open = [
    ...(cutShort ? [{ kind: "budget" } as const] : []),
    ...fromRun,
    ...ofSlos("unknown", "slo-unknown"),
  ];
  return { outcome: open.length > 0 ? "inconclusive" : "passed", evidence: open };
}

function baselineOf({ scenario }: Pick<RunDocument, "scenario">, candidate: string): string {
  return scenario.pairs.find((pair) => pair.candidate === candidate)?.baseline ?? "";
}

/** A generator in trouble makes failures of its own, in whichever arm it happens to drive. */
const machineReasons: ReadonlySet<string> = new Set([
  "generator-saturated",
  "sends-late",
  "processor-stolen",
  "generator-stood-still",
  "backend-stood-still",
  "clock-set",
]);

/** Kinds of failure that struck a candidate in two or more trials and its baseline in none, on the same machine's good days. */
export function gateFailures({ arms, scenario }: Pick<RunDocument, "arms" | "scenario">): OneSidedFailure[] {
  const trials = arms.flatMap(({ name, trials: own }) =>
    own.map((trial) => ({ arm: name, kinds: kindsOf(trial) })),
  );
  return scenario.pairs.flatMap(({ baseline, candidate }) =>
    oneSidedFailures(trials, { baseline, candidates: [candidate] }),
  );
}

function kindsOf({ failures, generator }: TrialResult): string[] {
  if (generator.reasons.some((reason) => machineReasons.has(reason))) return [];
  return failures.filter(({ side }) => side !== "client").map(({ kind }) => kind);
}

/** As the run document has it. */
export function toCause(evidence: GateEvidence): GateCause {
  const { kind } = evidence;
  switch (kind) {
    case "worse":
    case "inconclusive":
      return { kind, candidate: evidence.comparison.candidate, about: evidence.comparison.metric };
    case "failures":
      return { kind, candidate: evidence.failure.candidate, about: evidence.failure.kind };
    case "finding":
      return { kind, candidate: evidence.pair.candidate, about: evidence.regression.id };
    case "rollout":
      return { kind, candidate: evidence.candidate.arm, about: evidence.candidate.event };
    case "slo":
    case "slo-unknown":
      return { kind, candidate: evidence.slo.arm, about: evidence.slo.expression };
    case "budget":
      return { kind, candidate: null, about: null };
  }
}
