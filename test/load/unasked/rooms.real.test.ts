import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { RecordedSeries, ThreadReport } from "#wsrally/load/messages.js";
import { linuxEngines } from "../../support/engines.js";
import { startManglingRelay } from "../../support/mangling-relay.js";
import { runThreadAlone, targetAt } from "../../support/run-thread-alone.js";

const options = { host: "127.0.0.1", port: 0, path: null, once: false, deflate: false, stamps: true };
/** In 200 ms. */
const casts = 10;

function quantileOf(report: ThreadReport, series: RecordedSeries): number {
  return LatencyHistogram.decode(report.histograms[series] ?? "").mean() as number;
}

for (const engine of linuxEngines) {
  describe(`${engine}: messages to rooms`, () => {
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    let backend: Backend;
    before(async () => {
      backend = await startBackendProcess(guard, { ...options, rooms: true });
    });
    after(async () => {
      await backend.stop();
      guard.release();
    });

    const castThrough = (port: number, connections: number, room: number) =>
      runThreadAlone(targetAt(port), {
        // The load is left out, which a relay would spoil as well.
        ratePerS: 0.001,
        castsPerS: casts * 5,
        drainMs: 2000,
        job: { engine, connections, unasked: { push: null, fanout: { room, bytes: 100 } } },
      });

    it("come to every member of the sender's room, to no other, and once", async () => {
      await backend.reset();
      const report = await castThrough(backend.port, 8, 3);
      assert.deepEqual(report.failures, []);
      const { castsDue = 0, castsSent = 0, deliveriesExpected, deliveriesCame } = report.unasked ?? {};
      // The last may be due too late for a thread that had to wait for its processor.
      assert.ok(castsDue === casts && castsSent >= casts - 2, `${castsSent} of ${castsDue}`);
      // Rooms of 3, 3 and 2 by turns, the second first.
      const members = Array.from({ length: castsSent }, (_, cast) => [3, 2, 3][cast % 3] ?? 0);
      const expected = members.reduce((sum, one) => sum + one, 0);
      assert.deepEqual([deliveriesExpected, deliveriesCame], [expected, expected]);
      const times = (["fanoutFirst", "fanoutMedian", "fanoutLast"] as const).map((series) =>
        quantileOf(report, series),
      );
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
      const { counts } = await backend.report();
      assert.equal(counts?.messagesReceived, report.counts.totalSent, "nor are they messages of the load");
    });

    if (engine !== "epoll") return;
    for (const [what, third] of [
      ["a proxy keeps back", "drop"],
      ["a member is cut from", "cut"],
    ] as const)
      it(`that ${what} are missing, and no other is`, async () => {
        const relay = await startManglingRelay({ port: backend.port, third });
        try {
          const { unasked } = await castThrough(relay.port, 3, 3);
          const { castsSent = 0, deliveriesExpected, deliveriesCame } = unasked ?? {};
          assert.ok(castsSent >= casts - 2, `${castsSent}`);
          // One of the three has the first two of them.
          assert.deepEqual([deliveriesExpected, deliveriesCame], [3 * castsSent, 2 * castsSent + 2]);
        } finally {
          await relay.close();
        }
      });

    it("have their turns though nobody is left in one of the rooms", async () => {
      const relay = await startManglingRelay({ port: backend.port, third: "cut" });
      try {
        const { unasked } = await castThrough(relay.port, 2, 1);
        assert.equal(unasked?.castsDue, casts);
        // All of the other room's, and the first two of the one whose member was cut off.
        assert.equal(unasked?.deliveriesCame, casts / 2 + 2);
      } finally {
        await relay.close();
      }
    });
  });
}
