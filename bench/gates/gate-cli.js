/** The built program's `gate`, as a pipeline runs it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { folder } from "../support/own.js";
import { runCli } from "../support/wsrally-cli.js";

/** Exit codes of a gate that has spoken. */
const outcomes = { 0: "passed", 20: "failed", 21: "inconclusive" };

/**
 * @returns what is kept of a gate: the outcome by its exit code, the program's own seconds, and what it went by
 * @throws when it ended with anything but a verdict, or when its document says otherwise
 */
export async function gate(args) {
  const out = join(folder, "results");
  const startedMs = performance.now();
  const { code, document } = await runCli(out, ["gate", ...args], {
    codes: Object.keys(outcomes).map(Number),
  });
  rmSync(out, { recursive: true, force: true });
  const seconds = (performance.now() - startedMs) / 1000;
  const outcome = outcomes[code];
  if (document.gate.outcome !== outcome) {
    throw new Error(`wsrally gate ended with ${code}, and its document says ${document.gate.outcome}`);
  }
  return { outcome, code, seconds, ...keptOf(document) };
}

function keptOf({ startedAt, seed, gate, comparisons, arms, warnings }) {
  return {
    startedAt,
    seed,
    causes: gate.causes,
    reasons: gate.reasons,
    noise: gate.noise,
    blocks: Math.max(0, ...arms.map(({ trials }) => trials.length)),
    comparisons: comparisons.map(({ metric, blocks, ratio, ciLow, ciHigh, verdict, smallestEffect }) => ({
      metric,
      blocks,
      ratio,
      ciLow,
      ciHigh,
      verdict,
      smallestEffect,
    })),
    warnings: warnings.map(({ code }) => code),
  };
}
