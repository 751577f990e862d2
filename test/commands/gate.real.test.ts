import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { configFile, pullRequests, snippetFile } from "./gate-repository.js";
import { inRepository, parseGate, quick, sides } from "./gate-scratch.js";

describe("wsrally gate, in a scratch git repository", () => {
  it(
    "passes a pull request that changes a comment, without measuring what is the same",
    inRepository(async ({ repository, gate }) => {
      repository.change(snippetFile, pullRequests.comment);
      const result = await gate(...sides, "--json");
      assert.equal(result.code, 0, result.stderr);
      const document = parseGate(result);
      assert.equal(document.gate.outcome, "passed");
      assert.match(document.gate.reasons.join("\n"), /come to the same config/);
      assert.match(document.gate.unmeasuredBecause ?? "", /both sides come to the same config/);
      const [pair] = document.gate.pairs;
      assert.equal(pair?.sameConfig, true);
      assert.deepEqual(
        pair?.diff.map(({ file }) => file),
        [snippetFile],
        "an include of the same ref",
      );
      assert.match(
        pair?.diff[0]?.patch ?? "",
        /^--- main:deploy\/snippets\/websocket\.conf\n\+\+\+ .*\n@@ .*\n\+# WebSockets$/m,
      );
      assert.deepEqual(document.arms, []);
      assert.equal(
        repository.git("status", "--porcelain").trim().split("\n").length,
        1,
        "the checkout is left alone",
      );
    }),
  );

  it(
    "fails a pull request that loses the upgrade, by its finding and without measuring",
    inRepository(async ({ repository, gate }) => {
      repository.change(snippetFile, pullRequests.noUpgrade);
      const result = await gate(...sides, "--json");
      assert.equal(result.code, 20, result.stderr);
      assert.match(
        result.stderr,
        /^Gate failed: candidate: the upgrade is lost on its way.*upgrade-headers/m,
      );
      const { gate: found, arms } = parseGate(result);
      assert.equal(found.outcome, "failed");
      assert.deepEqual(found.causes, [{ kind: "finding", candidate: "candidate", about: "upgrade-headers" }]);
      const [regression] = found.pairs[0]?.regressions ?? [];
      assert.match(regression?.cure ?? "", /proxy_set_header Upgrade \$http_upgrade;/);
      assert.deepEqual(arms, []);
    }),
  );

  it(
    "fails a config that an event costs clients, and measures nothing more",
    inRepository(async ({ gate }) => {
      const alone = ["--no-baseline", "--candidate", configFile, "--slo", "failures == 0"];
      const result = await gate(...alone, "--rollout", "restart", "--connections", "40", "--json");
      assert.equal(result.code, 20, result.stderr);
      const { gate: found, arms } = parseGate(result);
      assert.deepEqual(found.causes, [{ kind: "rollout", candidate: "candidate", about: "restart" }]);
      assert.match(found.reasons[0] ?? "", /^candidate: This restart cut 40 of 40 clients .*all were back/);
      assert.deepEqual(
        found.rollouts?.map(({ arm, lost }) => [arm, lost.count]),
        [["candidate", 40]],
      );
      assert.match(found.unmeasuredBecause ?? "", /the rollout decides/);
      assert.deepEqual(arms, []);
    }),
  );

  it(
    "leads its HTML with the outcome, and names what is new in the candidate and fails nothing",
    inRepository(async ({ folder, repository, gate }) => {
      repository.change(snippetFile, (text) =>
        pullRequests.smallBuffers(text).replace("Host $host", "Host app"),
      );
      const result = await gate(...sides, "--json");
      assert.equal(result.code, 20, result.stderr);
      const { gate: found, runId } = parseGate(result);
      const [failing = "", advice = ""] = found.reasons;
      assert.match(failing, /^candidate: Host arrives as app \(header-host\)/);
      assert.match(advice, /^new in candidate, does not fail: .*\(response-head\)/);
      const page = readFileSync(join(folder, "results", runId, "report.html"), "utf8");
      assert.match(
        page,
        /<div class="verdict red"><h1>Gate: failed<\/h1>\s*<ul class="reasons"><li>candidate: Host/,
      );
      assert.match(page, /<li>new in candidate, does not fail: /);
      assert.match(page, /Nothing is measured, for a functional regression decides\./);
      assert.match(page, /<pre [^>]*>proxy_set_header Host \$http_host;<\/pre>/);
    }),
  );

  it(
    "passes the pull request that mends it, though its baseline cannot be measured",
    inRepository(async ({ repository, gate }) => {
      repository.change(snippetFile, pullRequests.noUpgrade);
      repository.write("broken.conf", "");
      repository.git("commit", "-qam", "broken");
      repository.git("branch", "-f", "broken");
      repository.change(snippetFile, (text) => text);
      const result = await gate("--baseline", `broken:${configFile}`, "--candidate", configFile);
      assert.equal(result.code, 0, result.stderr);
      assert.match(result.stderr, /baseline opens no WebSocket: candidate stands alone/);
    }),
  );

  it(
    "holds a config that is new to its findings and SLOs, where that is allowed",
    inRepository(async ({ folder, repository, gate }) => {
      repository.change(snippetFile, (text) => `${text}root html;\n`);
      const missing = ["--baseline", "main:deploy/new.conf", "--candidate", configFile];
      const refused = await gate(...missing);
      assert.equal(refused.code, 2);
      assert.match(
        refused.stderr,
        /Cannot find deploy\/new\.conf at main: there is no such file.*--allow-new/s,
      );
      const allowed = await gate(...missing, "--allow-new", "--json");
      assert.equal(allowed.code, 0, allowed.stderr);
      assert.equal(parseGate(allowed).gate.pairs[0]?.baseline, null);
      const held = await gate(
        "--no-baseline",
        "--candidate",
        configFile,
        ...quick,
        "--blocks",
        "6",
        "--slo",
        "p50 < 1us",
        "--confirm",
        "--json",
      );
      assert.equal(held.code, 20, held.stderr);
      const { gate: found, arms, runId } = parseGate(held);
      assert.deepEqual(
        found.causes.map(({ kind }) => kind),
        ["slo"],
      );
      assert.match(found.reasons[0] ?? "", /^candidate misses p50 < 1us: /);
      assert.equal(found.confirmation?.runId, `${runId}-again`);
      const again = readFileSync(join(folder, "results", `${runId}-again`, "run.json"), "utf8");
      for (const arm of [...arms, ...(JSON.parse(again) as RunDocument).arms])
        assert.match(arm.proxy?.changes.join("\n") ?? "", /a folder without files: a gate serves none/);
    }),
  );

  it(
    "takes pairs from a scenario, arms at a ref among them",
    inRepository(async ({ repository, gate }) => {
      repository.change(snippetFile, pullRequests.noUpgrade);
      repository.write(
        "ci.yaml",
        `arms: ["base=nginx:main:${configFile}", "new=nginx:${configFile}"]\nslo: failures == 0\n`,
      );
      const result = await gate("--scenario", "ci.yaml", "--json");
      assert.equal(result.code, 20, result.stderr);
      const document = parseGate(result);
      assert.deepEqual(document.scenario.pairs, [{ baseline: "base", candidate: "new" }]);
      assert.deepEqual(
        document.gate.causes.map(({ about }) => about),
        ["upgrade-headers"],
      );
      repository.write(
        "matrix.yaml",
        `${readFileSync(join(repository.path, "ci.yaml"), "utf8")}direct: true\nmatrix: { payload: [64, 128] }\n`,
      );
      const { gate: multiplied } = parseGate(await gate("--scenario", "matrix.yaml", "--json"));
      assert.deepEqual(
        multiplied.pairs.map(({ candidate, diff }) => [candidate, ...diff.map(({ file }) => file)]),
        ["new.payload-64", "new.payload-128"].map((arm) => [arm, snippetFile]),
      );
    }),
  );

  it(
    "says in one line what is wrong with what it was given",
    inRepository(async ({ folder, repository }) => {
      repository.change(snippetFile, (text) => text);
      const elsewhere = { cwd: folder };
      const rows: readonly [args: readonly string[], says: RegExp, options?: { cwd: string }][] = [
        [
          ["--baseline", `nosuch:${configFile}`, "--candidate", configFile],
          /Cannot find the git ref "nosuch": .*main/,
        ],
        [["--baseline=-x:y", "--candidate", configFile], /Cannot find the git ref "-x"/],
        [["--baseline", "main:a.conf", "--candidate", "b.conf"], /in no git repository/, elsewhere],
        [["--baseline", "nginx", "--candidate", "nosuch.conf"], /Cannot read the config nosuch\.conf/],
        [[...sides, "--closed", "--slo", "response.p99 < 1s"], /closed loop/],
      ];
      for (const [args, says, options = { cwd: repository.path }] of rows) {
        const result = await runHere(["gate", ...args, "--out", join(folder, "results")], options);
        assert.equal(result.code, 2, `${args.join(" ")}: ${result.stderr}`);
        assert.match(result.stderr, says);
        assert.equal(result.stdout, "");
      }
    }),
  );

  it(
    "tells a shallow clone what to fetch, and that does it",
    inRepository(async ({ folder, repository }) => {
      const clone = join(folder, "clone");
      repository.git("clone", "-q", "--depth=1", "--branch=change", `file://${repository.path}`, clone);
      const ask = [
        "gate",
        "--baseline",
        `origin/main:${configFile}`,
        "--candidate",
        configFile,
        "--out",
        join(folder, "results"),
      ];
      const refused = await runHere(ask, { cwd: clone });
      assert.equal(refused.code, 2);
      const [, command = ""] = /run `git ([^`]+)` before/.exec(refused.stderr) ?? [];
      assert.match(refused.stderr, /shallow.*fetch-depth: 0/s);
      repository.git("-C", clone, ...command.split(" "));
      const result = await runHere([...ask, "--budget", "0.5s"], { cwd: clone });
      assert.equal(result.code, 21, result.stderr);
    }),
  );

  it(
    "says that git is missing",
    inRepository(async ({ folder, repository }) => {
      const result = await runCli(["gate", ...sides, "--out", join(folder, "results")], {
        cwd: repository.path,
        env: { PATH: folder },
      });
      assert.equal(result.code, 3);
      assert.match(result.stderr, /Cannot run git: it is not installed/);
    }),
  );

  for (const [what, by, ids] of [
    [
      "keeps connections for less long, without waiting for it",
      (text: string) => `worker_shutdown_timeout 10s;\n${text.replace("3600s", "300s")}`,
      ["idle-timeout", "reload"],
    ],
    [
      "does not start",
      (text: string) => text.replace("worker_processes 1", "worker_processes one"),
      ["config-refused"],
    ],
  ] as const) {
    it(
      `fails what ${what}`,
      inRepository(async ({ repository, gate }) => {
        repository.change(configFile, by);
        const result = await gate(...sides, "--json");
        assert.equal(result.code, 20, result.stderr);
        assert.deepEqual(
          parseGate(result).gate.causes.map(({ about }) => about),
          ids,
        );
      }),
    );
  }

  it(
    "ends in time where the budget is too short for anything, which --inconclusive fail makes a failure",
    inRepository(async ({ repository, gate }) => {
      repository.change(snippetFile, pullRequests.reorder);
      const result = await gate(...sides, "--budget", "0.8s", "--inconclusive", "fail", "--json");
      assert.equal(result.code, 20, result.stderr);
      const { gate: found } = parseGate(result);
      assert.equal(found.outcome, "inconclusive", "the document keeps the true outcome");
      assert.match(found.reasons.join("\n"), /budget of 0\.8 s ended/);
    }),
  );
});
