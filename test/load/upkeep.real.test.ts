/**
 * Connections kept up by real engines on real sockets: churn that loses nothing, and what is lost coming back.
 */
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { ConnectionNote } from "#wsrally/load/connection-note.js";
import type { WindowMessage } from "#wsrally/load/messages.js";
import { engines } from "../support/engines.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";

const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
const startServer = (port: number): Promise<Backend> =>
  startBackendProcess(guard, { host: "127.0.0.1", port, path: "/sock", once: false, deflate: false });

for (const engine of engines) {
  describe(`${engine}: connections that are kept up`, () => {
    it("closes and opens at the rate asked for, and loses no message by it", async () => {
      const server = await startServer(0);
      try {
        const windows: WindowMessage[] = [];
        const report = await runThreadAlone(targetAt(server.port), {
          durationMs: 800,
          ratePerS: 500,
          windowMs: 200,
          onWindow: (window) => windows.push(window),
          job: {
            engine,
            connections: 10,
            upkeep: { reconnect: "backoff", churn: { kind: "rate", perS: 50 } },
          },
        });
        const seen = (await server.report()).counts;
        assert.deepEqual(report.failures, []);
        assert.equal(report.counts.totalSent, 400);
        assert.equal(report.counts.totalReceived, 400);
        assert.equal(seen?.messagesReceived, 400);
        const { lost, churned, reopened } = report.upkeep ?? { lost: -1, churned: 0, reopened: 0 };
        assert.equal(lost, 0);
        assert.ok(churned >= 20 && churned <= 42, `${churned} churned`);
        assert.ok(reopened >= churned - 3 && reopened <= churned, `${reopened} of ${churned} reopened`);
        assert.equal(report.opened, 10);
        assert.deepEqual(
          windows.map(({ window }) => window),
          [-1, 0, 1, 2, 3],
        );
        // Each value stands in one window, or in what was left for the report.
        const encoded = [...windows.map(({ histograms }) => histograms), report.histograms];
        const values = encoded.map(({ roundTrip }) =>
          roundTrip === undefined ? 0 : LatencyHistogram.decode(roundTrip).count,
        );
        assert.equal(
          values.reduce((sum, count) => sum + count, 0),
          400,
        );
      } finally {
        await server.stop();
      }
    });

    it("closes each when its life is over, in a closed loop too, and has all at the end", async () => {
      const server = await startServer(0);
      try {
        const life = { kind: "range", leastS: 0.2, mostS: 0.3 } as const;
        const report = await runThreadAlone(targetAt(server.port), {
          durationMs: 900,
          job: { engine, connections: 10, upkeep: { reconnect: "backoff", churn: { kind: "life", life } } },
        });
        const seen = (await server.report()).counts;
        assert.deepEqual(report.failures, []);
        assert.equal(report.counts.totalReceived, report.counts.totalSent);
        assert.equal(seen?.messagesReceived, report.counts.totalSent);
        const { churned = 0, reopened, lost } = report.upkeep ?? {};
        assert.deepEqual([reopened, lost, report.held], [churned, 0, 10]);
        assert.equal(seen?.upgrades, 10 + churned);
        // Three or four lives each, the first of which had begun before.
        assert.ok(churned >= 20 && churned <= 45, `${churned} churned`);
      } finally {
        await server.stop();
      }
    });

    it("has as many as its stages want, at every turn of them", async () => {
      const server = await startServer(0);
      try {
        const legs = [
          { forS: 0.3, from: 2, to: 20 },
          { forS: 0.2, from: 20, to: 20 },
          { forS: 0.3, from: 5, to: 5 },
        ];
        const report = await runThreadAlone(targetAt(server.port), {
          durationMs: 800,
          ratePerS: 500,
          job: {
            engine,
            connections: 20,
            upkeep: { reconnect: "backoff", course: { legs, index: 0, threads: 1 } },
          },
        });
        const seen = (await server.report()).counts;
        assert.deepEqual(report.failures, []);
        assert.equal(report.counts.windowReceived, 400);
        assert.deepEqual([report.opened, report.held, seen?.upgrades], [20, 5, 20]);
        assert.deepEqual(report.upkeep, { lost: 0, reopened: 0, churned: 15, failedTries: 0 });
      } finally {
        await server.stop();
      }
    });

    it("ends before its time when it is told to, and waits for what is under way", async () => {
      const server = await startServer(0);
      try {
        const report = await runThreadAlone(targetAt(server.port), {
          durationMs: 60_000,
          ratePerS: 500,
          windowMs: 100,
          endsAfter: ({ window }) => window === 2,
          job: { engine, connections: 4 },
        });
        const seen = (await server.report()).counts;
        assert.deepEqual(report.failures, []);
        assert.equal(report.counts.totalReceived, report.counts.totalSent);
        assert.equal(seen?.messagesReceived, report.counts.totalSent);
        assert.ok(report.counts.totalSent >= 100 && report.counts.totalSent < 3000);
        assert.equal(report.held, 4);
      } finally {
        await server.stop();
      }
    });

    it("comes back when the other side does, and counts what was lost on the way", async () => {
      const first = await startServer(0);
      const { port } = first;
      let second: Backend | null = null;
      const restart = async (): Promise<void> => {
        await sleep(300);
        await first.stop();
        second = await startServer(port);
      };
      const restarted = restart();
      try {
        const told: ConnectionNote[] = [];
        // However long the second takes to start, the load goes on until all are back.
        const report = await runThreadAlone(targetAt(port), {
          durationMs: 60_000,
          ratePerS: 200,
          windowMs: 100,
          onWindow: ({ notes }) => told.push(...notes),
          endsAfter: ({ upkeep }) => upkeep.reopened === 8,
          job: { engine, connections: 8, upkeep: { reconnect: "at-once", takesNotes: true } },
        });
        await restarted;
        assert.equal(report.upkeep?.lost, 8);
        assert.equal(report.upkeep?.reopened, 8);
        assert.equal(report.held, 8);
        const noted = (wanted: ConnectionNote["what"]): readonly ConnectionNote[] =>
          [...told, ...report.notes].filter(({ what }) => what === wanted);
        assert.equal(noted("lost").length, 8);
        assert.equal(noted("tried").length, 8 + (report.upkeep?.failedTries ?? 0));
        assert.equal(noted("back").length, 8);
        const lost = noted("lost").map(({ atNs }) => atNs);
        for (const note of noted("back")) {
          if (note.what !== "back") continue;
          assert.ok(lost.some((atNs) => Math.abs(note.atNs - note.downNs - atNs) < 1));
        }
        const failed = report.failures
          .filter(({ stage }) => stage === "opening")
          .reduce((sum, { count }) => sum + count, 0);
        assert.equal(failed, report.upkeep?.failedTries);
        const missing = report.failures
          .filter(({ kind }) => kind === "reply-missing")
          .reduce((sum, { count }) => sum + count, 0);
        assert.equal(report.counts.totalSent, report.counts.totalReceived + missing);
      } finally {
        await restarted.catch(() => undefined);
        await (second as Backend | null)?.stop();
        await first.stop();
      }
    });
  });
}
