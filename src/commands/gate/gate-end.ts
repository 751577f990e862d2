/**
 * How a gate ends: what it saw put into its part of the run document, and into the exit code.
 */
import { FaultsFoundError, InconclusiveError } from "../../base/errors.js";
import { gateNoise } from "../../judge/gate/gate-noise.js";
import { judgeGate, toCause } from "../../judge/gate/judge-gate.js";
import { gateReasons } from "../../report/gate/gate-reasons.js";
import { createDocument, finished } from "../../results/build-document.js";
import type { GatePair, GateResult } from "../../results/gate-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { GateBudget } from "./gate-budget.js";
import type { GateSettings } from "./gate-flags.js";
import type { ProbedPair } from "./probe-sides.js";

export interface EndSettings {
  readonly runId: string;
  readonly startedAt: Date;
  readonly settings: GateSettings;
  readonly budget: GateBudget;
}

export interface GateEnd {
  readonly document: RunDocument;
  readonly gate: GateResult;
}

/** A gate that its probes decided has no trials. */
export function unmeasured(
  { runId, startedAt }: Pick<EndSettings, "runId" | "startedAt">,
  scenario: Scenario,
): RunDocument {
  const document = createDocument({ runId, startedAt, seed: scenario.seed ?? 0, scenario });
  return finished(document, "complete", []);
}

export interface Seen {
  readonly pairs: readonly ProbedPair[];
  readonly cutShort: boolean;
  readonly unmeasuredBecause: string | null;
  /** What the event of `--rollout` cost each side; empty without it. */
  readonly rollouts: readonly Rollout[];
}

export function judged(
  run: EndSettings,
  document: RunDocument,
  { pairs, cutShort, unmeasuredBecause, rollouts }: Seen,
): GateEnd {
  const { settings, budget } = run;
  const { failOn, inconclusive } = settings;
  const stored = storedPairs(pairs);
  const judgement = judgeGate(document, stored, { cutShort, rollouts });
  const noise = gateNoise(document);
  const facts = { document, pairs: stored, noise, failOn, budgetS: budget.seconds, rollouts };
  return {
    document,
    gate: {
      outcome: judgement.outcome,
      reasons: gateReasons(judgement, facts),
      causes: judgement.evidence.map(toCause),
      failOn,
      inconclusive,
      budgetS: budget.seconds,
      usedS: budget.usedMs() / 1000,
      pairs: stored,
      unmeasuredBecause,
      ...(rollouts.length === 0 ? {} : { rollouts: [...rollouts] }),
      noise,
      confirmation: null,
    },
  };
}

export function storedPairs(pairs: readonly ProbedPair[]): GatePair[] {
  return pairs.map(({ connects: _, ...pair }) => pair);
}

/** @param isTold whether the report's end is the last thing on the screen @throws what the exit code comes from */
export function conclude({ outcome, reasons, inconclusive }: GateResult, isTold: boolean): void {
  const message = isTold ? "" : `Gate ${outcome}: ${reasons[0] ?? ""}`;
  if (outcome === "failed") throw new FaultsFoundError(message);
  if (outcome === "passed" || inconclusive === "pass") return;
  throw inconclusive === "fail" ? new FaultsFoundError(message) : new InconclusiveError(message);
}
