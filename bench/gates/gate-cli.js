/** The built program's `gate`, as a pipeline runs it. */
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folder, guard } from "../support/own.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Exit codes of a gate that has spoken. */
const outcomes = { 0: "passed", 20: "failed", 21: "inconclusive" };

/**
 * @returns what is kept of a gate: the outcome by its exit code, the program's own seconds, and what it went by
 * @throws when it ended with anything but a verdict, or when its document says otherwise
 */
export async function gate(args) {
  const out = join(folder, "results");
  const startedMs = performance.now();
  const child = guard.spawn(process.execPath, [cli, "gate", ...args, "--json", "--out", out], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, "close");
  rmSync(out, { recursive: true, force: true });
  const seconds = (performance.now() - startedMs) / 1000;
  const outcome = outcomes[code];
  if (outcome === undefined) {
    throw new Error(`wsrally gate ended with ${code}: ${said.stderr.trim().split("\n").at(-1)}`);
  }
  const document = JSON.parse(said.stdout);
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
