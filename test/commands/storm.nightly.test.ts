/** A real nginx, restarted under open connections. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

describe("wsrally capacity --storm", () => {
  it("loses every connection with the proxy, and sees all come back, however clients do it", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["capacity", "nginx", "--connections", "150", "--by", "connections", "--most", "150"],
        ...["--hold", "0.2", "--storm", "--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const document = runDocumentSchema.parse(JSON.parse(stdout));
      const { storm } = document.capacity ?? {};
      assert.equal(storm?.connections, 150);
      assert.deepEqual(
        storm?.rounds.map(({ restart }) => restart.reconnect),
        ["at-once", "backoff", "at-once", "backoff", "at-once", "backoff"],
      );
      for (const { opening, restart, traffic } of storm?.rounds ?? []) {
        assert.equal(opening.opened, 150);
        assert.equal(restart.lost, 150);
        assert.equal(traffic?.connections.opened, 300, "all of them opened, and all opened again");
        assert.ok(traffic.connections.failed >= restart.failedTries);
        assert.ok(traffic.messages.sent > 0 && traffic.messages.sent >= traffic.messages.received);
        const { half, p90, p99, all } = restart.backMs;
        assert.ok(half !== null && p90 !== null && p99 !== null && all !== null);
        assert.ok(half <= p90 && p90 <= p99 && p99 <= all);
        assert.ok((opening.cpuUsPerHandshake ?? 0) > 0);
        assert.ok((restart.times.upgrade.p50 ?? 0) > 0);
        // A try that fails is told as a failure of its own.
        const told = restart.failures.reduce((sum, { count }) => sum + count, 0);
        assert.ok(told >= restart.lost + restart.failedTries, JSON.stringify(restart));
      }
      const { stdout: shown } = await runHere(["report", join(out, document.runId)]);
      assert.match(shown, /Opening 150 connections through nginx, and restarts under them/);
      assert.match(shown, /connections a second/);
    });
  });
});
