import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { limitedConf } from "../support/limited-conf.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

describe("a run with failures", () => {
  it("names side, cause and log line, keeps the whole log, and says where", async () => {
    await withFolder(async (folder) => {
      const config = join(folder, "limited.conf");
      // A key that may differ from client to client: with a surer one the run would be refused beforehand.
      writeFileSync(
        config,
        limitedConf.replace("$binary_remote_addr", "$binary_remote_addr$server_protocol"),
      );
      const out = join(folder, "results");
      const args = ["run", `nginx:${config}`, "--connections", "10", "--rate", "100", "--duration", "0.2"];
      const { code, stdout, stderr } = await runHere([
        ...args,
        "--warmup",
        "0",
        "--blocks",
        "1",
        "--full",
        "--out",
        out,
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /upgrade-status +proxy +\S+ +6 +a limit on connections/);
      assert.match(stdout, /proxy log: limiting connections by zone "each"/);
      assert.match(stdout, /every line of the trials with failures: .*\.0\.error\.log/);

      const [run = ""] = readdirSync(out);
      const document = JSON.parse(readFileSync(join(out, run, "run.json"), "utf8")) as RunDocument;
      const [trial] = document.arms[0]?.trials ?? [];
      assert.equal(trial?.failures.length, 1);
      const [entry] = trial?.proxyLog ?? [];
      assert.deepEqual([entry?.level, entry?.count, entry?.cause], ["error", 6, "a limit on connections"]);
      assert.equal(entry?.message, trial?.failures[0]?.logMessage);
      const lines = readFileSync(join(out, run, trial?.proxyLogFile ?? ""), "utf8")
        .trimEnd()
        .split("\n");
      assert.equal(lines.length, 6);
      assert.equal(lines[0], entry?.example);
    });
  });

  it("ends after two blocks of which nothing counts, and says what kept their trials out before anything else", async () => {
    await withFolder(async (folder) => {
      const config = join(folder, "limited.conf");
      writeFileSync(
        config,
        limitedConf.replace("$binary_remote_addr", "$binary_remote_addr$server_protocol"),
      );
      const arms = [`a=nginx:${config}`, `b=nginx:${config}`];
      const load = ["--connections", "10", "--rate", "100", "--duration", "0.2", "--warmup", "0"];
      const { code, stdout, stderr } = await runHere([
        ...["compare", ...arms, ...load, "--blocks", "30", "--json", "--out", join(folder, "out")],
      ]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /a lets 4 of 10 connections in, if all of them count against it: limit_conn/);
      const document = JSON.parse(stdout) as RunDocument;
      assert.deepEqual(
        document.arms.map(({ trials }) => trials.length),
        [2, 2],
      );
      assert.deepEqual(
        document.warnings.filter(({ code: id }) => id === "void-blocks").map(({ message }) => message),
        [
          "nothing of the last 2 blocks counts, so the run ended with what it had: a limit on connections. Against it: fewer --connections, or a higher limit",
        ],
      );
      const [run = ""] = readdirSync(join(folder, "out"));
      const shown = await runHere(["report", join(folder, "out", run)]);
      const [headline = ""] = shown.stdout.split("\n  to settle it");
      assert.match(
        headline.replace(/\s+/g, " "),
        /^b against a is inconclusive: 4 of 4 trials are out, for this: a limit on connections \(a, b\)/,
      );
      assert.match(shown.stdout, /to settle it: fewer --connections, or a higher limit\n/);
    });
  });
});
