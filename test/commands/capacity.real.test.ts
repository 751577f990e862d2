/** A search whose end is a count and no time: nginx's worker_connections, an interrupt, and what it refuses. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { capacityOf } from "./capacity-of.js";

describe("wsrally capacity", () => {
  it("meets worker_connections where it was foretold, and says so", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        "capacity",
        "nginx",
        ...["--set", "worker_connections=256", "--by", "connections", "--hold", "0.4", "--most", "400"],
        ...["--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { document, capacity } = capacityOf(stdout);
      const { connections, limits } = capacity;
      const limit = limits.find(({ name }) => name === "worker-connections");
      // (256 − 16 − 2) / 2: a sixteenth stays free, a listening socket and a channel take one each.
      assert.equal(limit?.foretold, 119);
      assert.equal(limit?.directive, "events { worker_connections 256; }");
      assert.ok(
        connections !== null && connections.stoppedBy?.limit === "worker-connections",
        JSON.stringify(connections),
      );
      assert.equal(limit?.measured, connections.value);
      assert.ok(connections.value >= 110 && connections.value <= 127, String(connections.value));
      assert.equal(capacity.ratePerS, null);
      const { stdout: shown } = await runHere(["report", join(out, document.runId)]);
      assert.match(shown, /holds 1\d\d connections for 0\.4 s, and 1\d\d broke: worker-connections/);
      for (const format of ["markdown", "csv", "junit"]) {
        assert.equal(
          (await runHere(["report", join(out, document.runId), "--format", format])).code,
          0,
          format,
        );
      }
    });
  });

  it("keeps what it measured when it is interrupted, and ends with 130", async () => {
    await withFolder(async (out) => {
      const running = startCli([
        "capacity",
        "embedded",
        "--connections",
        "10",
        "--slo",
        "failures==0",
        "--out",
        out,
      ]);
      while (!/: kept|: missed|: void/.test(running.stderr()) && running.child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      running.child.kill("SIGINT");
      const { code, stderr } = await running.result;
      assert.equal(code, 130, stderr);
      const [run = ""] = readdirSync(out);
      const file = join(out, run, "run.json");
      assert.ok(existsSync(file));
      const { document, capacity } = capacityOf(readFileSync(file, "utf8"));
      assert.equal(document.status, "interrupted");
      assert.ok(capacity.steps.some(({ kind }) => kind === "search"));
      assert.ok((capacity.closedLoopPerS ?? 0) > 0);
    });
  });

  for (const [what, args, message] of [
    [
      "a rate of its own",
      ["nginx", "--rate", "100"],
      /Cannot use --rate with capacity: the rate is what is searched for/,
    ],
    [
      "a precision of its own",
      ["nginx", "--precision", "1%"],
      /Cannot use --precision with capacity: it ends when/,
    ],
    ["no SLO", ["nginx", "--slo", "p99 20ms"], /Cannot read the SLO/],
    ["no plan", ["nginx", "--plan", "many"], /Cannot use --plan many: want CONNECTIONSxMESSAGES/],
    [
      "no time to hold",
      ["nginx", "--hold", "0"],
      /Cannot use --hold 0: want a time from 100ms to 1h, such as 5s/,
    ],
    ["half a connection", ["nginx", "--most", "1.5"], /Cannot use --most 1\.5: want a whole number/],
    ["a scenario and more", ["smoke", "nginx"], /a scenario stands alone/],
  ] as const) {
    it(`refuses ${what} in one line`, async () => {
      const { code, stderr, stdout } = await runHere(["capacity", ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }
});
