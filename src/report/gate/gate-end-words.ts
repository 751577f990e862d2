/** A gate's end in a line: the outcome, the exit code that goes with it, and how many reasons of which kind there are. */
import { exitCodes } from "../../base/exit-codes.js";
import type { GateCause, GateResult } from "../../results/gate-schema.js";
import { formatNumberOf } from "../words/format.js";

const causeNouns: Readonly<Record<GateCause["kind"], string>> = {
  finding: "regression",
  worse: "slowdown",
  failures: "new kind of failure",
  rollout: "costlier rollout",
  slo: "missed SLO",
  inconclusive: "open comparison",
  "slo-unknown": "unproven SLO",
  budget: "budget that ended",
  "not-confirmed": "slowdown that came once",
};

/** `FAILED (20): 2 regressions`. */
export function gateEndWords(gate: GateResult): string {
  const { outcome, causes } = gate;
  const counts = new Map<GateCause["kind"], number>();
  for (const { kind } of causes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const why = [...counts].map(([kind, count]) => formatNumberOf(count, causeNouns[kind]));
  return `${outcome.toUpperCase()} (${gateExitCode(gate)})${why.length === 0 ? "" : `: ${why.join(", ")}`}`;
}

/** What a gate's command ends with. */
function gateExitCode({ outcome, inconclusive }: GateResult): number {
  if (outcome === "failed") return exitCodes.failed;
  if (outcome === "passed" || inconclusive === "pass") return exitCodes.ok;
  return inconclusive === "fail" ? exitCodes.failed : exitCodes.inconclusive;
}
