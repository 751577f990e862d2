import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { DryRun } from "#wsrally/results/dry-run-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { assertDocument } from "../support/assert-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const small = ["--connections", "5", "--duration", "0.1", "--warmup", "0", "--rate", "100"];

describe("--dry-run", () => {
  it("says what a matrix comes to, starts nothing and leaves nothing", async () => {
    await withFolder(async (folder) => {
      const out = join(folder, "results");
      const { code, stdout, stderr } = await runHere([
        "run",
        "nginx-matrix",
        "--dry-run",
        "--json",
        "--out",
        out,
      ]);
      assert.equal(code, 0, stderr);
      assert.equal(existsSync(out), false);
      const document = JSON.parse(stdout) as DryRun;
      assertDocument("dry-run", document);
      assert.equal(document.arms.length, 10);
      assert.equal(document.comparisons.length, 4);
      assert.deepEqual(
        document.groups.map(({ group, arms }) => [group, arms.length]),
        [
          ["payload-64", 5],
          ["payload-8000", 5],
        ],
      );
      const files = document.needs.find(({ what }) => what === "open files");
      assert.equal(files?.count, 2 * 200 + 100);
      assert.ok(document.estimate.totalS.low <= document.estimate.totalS.high);
    });
  });

  it("reads well, and refuses what the run would refuse", async () => {
    const { code, stdout } = await runHere(["compare", "nginx", "--set", "tls=on", "--direct", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /Would run nginx-vs-nginx-tls-on; nothing is started\n {2}3 arms under 1 load/);
    assert.match(stdout, /1 comparison\n {2}nginx-tls-on against nginx\n/);
    assert.match(stdout, /direct, *\(floor, not compared\)|direct \(floor, not compared\)/);
    const wrong = await runHere(["compare", "nginx", "--set", "proxy_bufering=off", "--dry-run"]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean proxy_buffering/);
  });

  it("says what would not fit", async () => {
    const { code, stdout } = await runHere(["run", "embedded", "--connections", "900000", "--dry-run"]);
    assert.equal(code, 0);
    assert.match(stdout, /the relay: 1,800,100 of [\d,]+ open files \(embedded\): TOO FEW/);
  });
});

describe("--aa", () => {
  it("runs the baseline against itself and stores the noise floor", async () => {
    await withFolder(async (out) => {
      const args = ["run", "smoke", "--aa", ...small, "--blocks", "8", "--json", "--out", out];
      const { code, stdout, stderr } = await runHere(args);
      assert.equal(code, 0, stderr);
      const document = JSON.parse(stdout) as RunDocument;
      assertDocument("run", document);
      assert.deepEqual(
        document.arms.map(({ name }) => name),
        ["on", "on-again"],
      );
      assert.equal(document.arms[0]?.proxy.configSha256, document.arms[1]?.proxy.configSha256);
      // Beside other tests a block may be void.
      const { blocks = 0 } = document.aa ?? {};
      assert.ok(blocks > 0 && blocks <= 8, `${blocks} blocks`);
      assert.ok((document.aa?.seconds ?? 0) >= 1);
      const { better = 0, worse = 0, equivalent = 0, inconclusive = 0 } = document.aa?.verdicts ?? {};
      assert.equal(better + worse + equivalent + inconclusive, document.comparisons.length);
    });
  });
});

describe("--precision", () => {
  it("goes on until it is reached, and tells how far it is", async () => {
    await withFolder(async (out) => {
      const file = join(out, "wide.yaml");
      writeFileSync(
        file,
        "workload: { connections: 5, rate: 2000, duration: 0.1, warmup: 0 }\n" +
          "arms: [a=direct, b=direct]\ncompare: { metrics: [p50], precision: 95% }\n",
      );
      const { code, stderr, stdout } = await runHere(["run", file, "--explain", "--out", out]);
      assert.equal(code, 0, stderr);
      assert.match(
        stderr,
        /±\d[\d.]* %, needs ±95 %: (?:about \d+ more blocks?, \d+ s|more than the \d+ blocks planned)/,
      );
      assert.match(stdout, /went on until every interval was within ±95 %/);
    });
  });

  for (const [args, says] of [
    [["--precision", "0"], /--precision 0/],
    [["--precision", "3 percent"], /precision.*3 percent/],
    [["--precision", "3%", "--blocks", "9"], /--precision 3%: cannot stand beside blocks/],
  ] as const) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stderr } = await runHere(["run", "smoke", ...args]);
      assert.equal(code, 2);
      assert.match(stderr, says);
    });
  }
});

describe("a baseline with many candidates", () => {
  it("has a trial in each round, beside those it is compared with", async () => {
    await withFolder(async (out) => {
      const arms = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}=direct`);
      const args = ["compare", ...arms, ...small, "--rate", "2000", "--blocks", "1", "--json", "--out", out];
      const { code, stdout, stderr } = await runHere(args);
      assert.equal(code, 0, stderr);
      const document = JSON.parse(stdout) as RunDocument;
      assert.deepEqual(
        document.arms.map(({ trials }) => trials.length),
        [2, 1, 1, 1, 1, 1],
      );
      const pairs = new Set(
        document.comparisons.map(({ baseline, candidate }) => `${candidate} / ${baseline}`),
      );
      assert.deepEqual([...pairs], ["b / a", "c / a", "d / a", "e / a", "f / a"]);
      const p50 = document.comparisons.filter(({ metric }) => metric === "wire.p50");
      assert.equal(p50.length, 5);
      assert.ok(p50.every(({ blocks }) => blocks <= 1));
    });
  });
});
