import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { limitedConf } from "../support/limited-conf.js";
import { runCli, withFolder } from "../support/run-cli.js";

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
      const { code, stdout, stderr } = await runCli([
        ...args,
        "--warmup",
        "0",
        "--blocks",
        "1",
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
});
