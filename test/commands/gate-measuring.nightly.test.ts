import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readHistory } from "#wsrally/results/history-folder.js";
import { awaitNoProcesses } from "../support/leftovers.js";
import { runCli } from "../support/run-cli.js";
import { configFile, pullRequests, snippetFile } from "./gate-repository.js";
import { inRepository, load, parseGate, quick, sides } from "./gate-scratch.js";

/** One at a time, for what loads the machine must not load the others' measurement. */
describe("wsrally gate, measuring", () => {
  it(
    "fails a pull request that makes messages dearer, with what it measured",
    inRepository(async ({ folder, repository, gate }) => {
      repository.change(snippetFile, pullRequests.smallBuffers);
      const dear = [
        ...sides,
        ...quick,
        "--payload",
        "16000",
        "--budget",
        "60s",
        "--slo",
        "failures == 0",
        "--json",
      ];
      let result = await gate(...dear);
      // On a machine that is too busy it says so, and is asked again with longer trials; it must never pass.
      for (const duration of ["0.7", "1.5"])
        if (result.code === 21) result = await gate(...dear, "--duration", duration);
      assert.equal(result.code, 20, result.stderr);
      const { gate: found, comparisons, arms, runId, scenario, slo } = parseGate(result);
      assert.ok(
        found.causes.every(({ kind }) => kind === "worse"),
        JSON.stringify(found.causes),
      );
      assert.match(
        found.reasons.join("\n"),
        /(CPU a message|throughput|round trip p50) of candidate is \S+x \(.*\) of baseline: worse/,
      );
      assert.ok(comparisons.some(({ verdict }) => verdict === "worse"));
      assert.deepEqual(
        scenario.arms.map(({ arm }) => arm),
        [`nginx:main:${configFile}`, `nginx:${configFile}`],
      );
      assert.ok(
        slo?.every(({ status }) => status === "met"),
        JSON.stringify(slo),
      );
      assert.equal(arms.length, 2);
      const entry = readHistory(join(folder, "results"), "gate").entries.find((one) => one.runId === runId);
      assert.ok(
        entry?.ratios.some(({ arm, reference }) => arm === "candidate" && reference === "baseline"),
        "kept in the history",
      );
      assert.ok((found.noise?.trials ?? 0) >= 16);
      assert.doesNotMatch(
        result.stdout + result.stderr,
        /wsrally-\w+\/ref-/,
        "private paths go by their ref",
      );
    }),
  );

  it(
    "keeps to its budget, does not fail what is as good, and says what it could have shown",
    inRepository(async ({ folder, repository }) => {
      repository.change(snippetFile, pullRequests.reorder);
      const budgetS = 5;
      const temporary = join(folder, "tmp");
      mkdirSync(temporary);
      const startedMs = performance.now();
      const result = await runCli(
        [
          "gate",
          ...sides,
          ...load,
          "--budget",
          `${budgetS}s`,
          "--inconclusive",
          "pass",
          "--inconclusive",
          "pass",
          "--json",
          "--out",
          join(folder, "results"),
        ],
        { cwd: repository.path, env: { TMPDIR: temporary } },
      );
      const took = (performance.now() - startedMs) / 1000 / budgetS;
      assert.equal(result.code, 0, result.stderr);
      // A busy machine may be slow to end processes; a budget that is not kept at all runs for a minute.
      assert.ok(took < 1.8, `took ${took.toFixed(2)} of its budget`);
      const { gate: found } = parseGate(result);
      assert.notEqual(found.outcome, "failed");
      // The time may have been up before the probes were done.
      assert.notEqual(found.pairs[0]?.sameConfig, true);
      assert.ok(found.reasons.length > 0);
      assert.deepEqual(await awaitNoProcesses(temporary), []);
      assert.deepEqual(
        readdirSync(temporary).filter((name) => name.startsWith("wsrally-")),
        [],
      );
    }),
  );
});
