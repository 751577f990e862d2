/** The search on real sockets, at a server whose capacity is known. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { capacityOf } from "./capacity-of.js";

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
        const { code, stdout, stderr } = await runHere([
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
          ...["--max-seconds", "6", "--json", "--out", out],
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
        const { stdout: shown } = await runHere(["report", join(out, document.runId), "--full"]);
        assert.match(shown, /Steps of queue/);
      }),
    );
  });

  it("ends with 20 where the SLO of a scenario is kept at no load", async () => {
    await withQueue(1000, (url) =>
      withFolder(async (out) => {
        const scenario = join(out, "queue.yaml");
        const workload = { connections: 2, duration: 0.2, warmup: 0 };
        writeFileSync(
          scenario,
          JSON.stringify({ workload, arms: [{ name: "queue", arm: url }], slo: "roundTrip.p50<0.5ms" }),
        );
        const { code, stderr } = await runHere(["capacity", scenario, "--out", out]);
        // On a machine too busy for the generator nothing can be told, which is not a missed SLO.
        assert.ok(code === 20 || code === 3, stderr);
        assert.match(
          stderr,
          code === 20 ? /SLO missed: queue kept roundTrip\.p50<0\.5ms at no load/ : /not fit/,
        );
      }),
    );
  });
});
