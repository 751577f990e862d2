import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { noFaults } from "#wsrally/backend/fault-plan.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { RecordedSeries, ThreadReport } from "#wsrally/load/messages.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";

const delayMs = 5;

function meanUs(report: ThreadReport, series: RecordedSeries): number {
  const encoded = report.histograms[series];
  assert.ok(encoded !== undefined, `${series} was not recorded`);
  return (LatencyHistogram.decode(encoded).mean() as number) / 1e3;
}

describe("the time split", () => {
  const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
  let backend: Backend;
  before(async () => {
    backend = await startBackendProcess(guard, {
      host: "127.0.0.1",
      port: 0,
      path: null,
      once: false,
      deflate: false,
      stamps: true,
      faults: { ...noFaults, delay: { kind: "fixed", ns: delayMs * 1e6 } },
    });
  });
  after(async () => {
    await backend.stop();
    guard.release();
  });

  for (const [what, message] of [
    ["ping", { kind: "ping" }],
    ["payloads", { kind: "payload", bytes: 2000, binary: true }],
  ] as const) {
    it(`puts a backend's delay down to the backend alone, and adds up to the wire time, with ${what}`, async () => {
      const report = await runThreadAlone(targetAt(backend.port), {
        ratePerS: 200,
        durationMs: 1000,
        job: { engine: "epoll", splitEvery: 1, message },
      });
      assert.deepEqual(report.failures, []);
      assert.equal(report.counts.windowReceived, 200);
      const [wire, uplink, behind, downlink] = (["wire", "uplink", "backend", "downlink"] as const).map(
        (series) => meanUs(report, series),
      ) as [number, number, number, number];
      assert.ok(
        Math.abs((uplink + behind + downlink) / wire - 1) < 0.02,
        `${uplink} + ${behind} + ${downlink} = ${wire}`,
      );
      assert.ok(behind >= delayMs * 1000, `${behind} µs behind`);
      assert.ok(uplink < behind && downlink < behind, `${uplink}, ${downlink}`);
    });
  }

  it("leaves the other messages as they are, one of so many aside", async () => {
    const report = await runThreadAlone(targetAt(backend.port), {
      ratePerS: 320,
      durationMs: 1000,
      job: { engine: "epoll", splitEvery: 16 },
    });
    const recorded = (series: RecordedSeries): number =>
      LatencyHistogram.decode(report.histograms[series] ?? "").count;
    assert.equal(recorded("roundTrip"), 320);
    // So that every connection has its turn, the steps between two of them are not all alike.
    assert.ok(Math.abs(recorded("uplink") - 20) <= 1, `${recorded("uplink")}`);
  });
});
