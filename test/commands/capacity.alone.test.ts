/**
 * The search on real sockets: a server whose capacity is known, nginx's worker_connections, and what is kept of it.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { runCli, startCli } from "../support/run-cli.js";
import { withFolder } from "../support/with-folder.js";

type Capacity = NonNullable<RunDocument["capacity"]>;

function capacityOf(text: string): { document: RunDocument; capacity: Capacity } {
  const document = runDocumentSchema.parse(JSON.parse(text));
  assert.ok(document.capacity !== undefined);
  return { document, capacity: document.capacity };
}

/** One queue that serves each message in `serviceUs`, whatever the machine does. */
async function withQueue(serviceUs: number, work: (url: string) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, ["bench/support/queue-server.js", String(serviceUs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    await work(`ws://127.0.0.1:${Number(data.toString())}/`);
  } finally {
    child.stdin.end();
    await once(child, "exit");
  }
}

describe("wsrally capacity", () => {
  it("finds the capacity of a server that serves one message every 4 ms, and no load beyond it", async () => {
    await withQueue(4000, (url) =>
      withFolder(async (out) => {
        const perS = 250;
        const { code, stdout, stderr } = await runCli([
          "capacity",
          `queue=${url}`,
          ...[
            "--slo",
            "mean<250ms,failures==0",
            "--connections",
            "20",
            "--duration",
            "0.5",
            "--warmup",
            "0.1",
          ],
          ...["--max-seconds", "8", "--json", "--out", out],
        ]);
        assert.ok([0, 3].includes(code ?? -1), stderr);
        const { document, capacity } = capacityOf(stdout);
        const search = capacity.steps.filter(({ kind }) => kind === "search");
        const passed = search
          .filter(({ outcome }) => outcome === "pass")
          .map(({ ratePerS }) => ratePerS ?? 0);
        // Whatever the machine does, nothing passes beyond what one server can do.
        assert.ok(
          passed.every((load) => load < 1.15 * perS),
          String(passed),
        );
        const { ratePerS } = capacity;
        if (ratePerS?.isSettled && !ratePerS.isAtLeast) {
          assert.ok(ratePerS.value > 0.75 * perS && ratePerS.value < 1.15 * perS, JSON.stringify(ratePerS));
          assert.ok(ratePerS.low <= ratePerS.value && ratePerS.value <= (ratePerS.high ?? 0));
        }
        assert.ok((capacity.closedLoopPerS ?? 0) < 1.15 * perS);
        assert.ok(document.warnings.some(({ code: word }) => word === "instance-not-restarted"));
        const { stdout: shown } = await runCli(["report", join(out, document.runId)]);
        assert.match(shown, /Steps of queue/);
      }),
    );
  });

  it("meets worker_connections where it was foretold, and says so", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runCli([
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
      const { stdout: shown } = await runCli(["report", join(out, document.runId)]);
      assert.match(shown, /holds 1\d\d connections for 0\.4 s, and 1\d\d broke: worker-connections/);
      for (const format of ["markdown", "csv", "junit"]) {
        assert.equal(
          (await runCli(["report", join(out, document.runId), "--format", format])).code,
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

  it("ends with 20 where the SLO of a scenario is kept at no load", async () => {
    await withQueue(3000, (url) =>
      withFolder(async (out) => {
        const scenario = join(out, "queue.yaml");
        const workload = { connections: 2, duration: 0.2, warmup: 0 };
        writeFileSync(
          scenario,
          JSON.stringify({ workload, arms: [{ name: "queue", arm: url }], slo: "roundTrip.p50<1ms" }),
        );
        const { code, stderr } = await runCli(["capacity", scenario, "--out", out]);
        // On a machine too busy for the generator nothing can be told, which is not a missed SLO.
        assert.ok(code === 20 || code === 3, stderr);
        assert.match(
          stderr,
          code === 20 ? /SLO missed: queue kept roundTrip\.p50<1ms at no load/ : /not fit/,
        );
      }),
    );
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
    ["no time to hold", ["nginx", "--hold", "0"], /Cannot use --hold 0: want a number from 0\.1/],
    ["half a connection", ["nginx", "--most", "1.5"], /Cannot use --most 1\.5: want a whole number/],
    ["a scenario and more", ["smoke", "nginx"], /a scenario stands alone/],
  ] as const) {
    it(`refuses ${what} in one line`, async () => {
      const { code, stderr, stdout } = await runCli(["capacity", ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }
});
