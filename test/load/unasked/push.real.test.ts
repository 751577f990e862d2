import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { noFaults } from "#wsrally/backend/fault-plan.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { StartOrder, ThreadReport } from "#wsrally/load/messages.js";
import { linuxEngines } from "../../support/engines.js";
import { startManglingRelay } from "../../support/mangling-relay.js";
import { type AloneOptions, runThreadAlone, targetAt } from "../../support/run-thread-alone.js";

const options = { host: "127.0.0.1", port: 0, path: null, once: false, deflate: false, stamps: true };
const bytes = 100;
/** Over three connections, for as long as the thread's load. */
const ratePerS = 300;
const delayMs = 20;
const stoppedMs = 100;

/** The engine keeps this thread to itself, so somebody else has to do it. */
function standStill(pid: number | undefined): void {
  spawn("sh", ["-c", `sleep 0.1; kill -STOP ${pid}; sleep ${stoppedMs / 1000}; kill -CONT ${pid}`]);
}

function pushedUs(report: ThreadReport): LatencyHistogram {
  return LatencyHistogram.decode(report.histograms.push ?? "");
}

for (const engine of linuxEngines) {
  describe(`${engine}: pushes`, () => {
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    let backend: Backend;
    let delayed: Backend;
    before(async () => {
      backend = await startBackendProcess(guard, options);
      const delay = { kind: "fixed", ns: delayMs * 1e6 } as const;
      delayed = await startBackendProcess(guard, { ...options, faults: { ...noFaults, delay } });
    });
    after(async () => {
      await Promise.all([backend.stop(), delayed.stop()]);
      guard.release();
    });

    /** The thread and the backend on one order. */
    const pushFrom = async (from: Backend, port: number, more: AloneOptions = {}) => {
      await from.reset();
      const onOrder = (order: StartOrder): void => {
        const asked = { ratePerS, arrivals: "uniform", phase: 0, seed: 1, bytes } as const;
        void from.push?.({ ...order, ...asked, untilNs: order.sendUntilNs });
        more.onOrder?.(order);
      };
      const report = await runThreadAlone(targetAt(port), {
        ratePerS: 30,
        durationMs: 300,
        warmupMs: 30,
        ...more,
        onOrder,
        job: { engine, unasked: { push: { bytes }, fanout: null } },
      });
      const { counts } = await from.report();
      assert.equal(report.counts.windowSent, report.counts.windowReceived, "its own messages");
      return { report, pushes: counts?.pushes, delivered: report.unasked?.pushesDelivered };
    };

    it("are due by the backend's schedule, and all arrive once", async () => {
      const { report, pushes, delivered } = await pushFrom(backend, backend.port);
      assert.deepEqual(report.failures, []);
      assert.deepEqual({ ...pushes, delivered }, { due: 90, sent: 90, delivered: 90 });
      assert.equal(pushedUs(report).count, 90);
      assert.ok((LatencyHistogram.decode(report.histograms.pushLag ?? "").count ?? 0) > 0);
    });

    if (engine !== "epoll") return;

    it("are waited for behind the last of the load, as long as a delay takes", async () => {
      const { report, pushes, delivered } = await pushFrom(delayed, delayed.port);
      assert.deepEqual({ ...pushes, delivered }, { due: 90, sent: 90, delivered: 90 });
      assert.ok((pushedUs(report).quantile(0.1) as number) >= delayMs * 1e6, "each takes the delay at least");
    });

    it("are late by their own instants when the backend has stood still: none is left out", async () => {
      const { report, delivered } = await pushFrom(backend, backend.port, {
        onOrder: () => standStill(backend.pids[0]),
      });
      assert.equal(delivered, 90);
      // 30 of them fell due meanwhile, the first a whole standstill before it was sent.
      const late = pushedUs(report).quantile(0.8) as number;
      assert.ok(late >= (stoppedMs / 4) * 1e6, `${late} ns`);
    });

    it("that a proxy keeps back are missing, and no other is", async () => {
      const relay = await startManglingRelay({ port: backend.port, third: "drop" });
      try {
        const { pushes, delivered } = await pushFrom(backend, relay.port, {
          ratePerS: 0.001,
          drainMs: 1000,
        });
        // The warm-up has three for each connection.
        assert.deepEqual({ ...pushes, delivered }, { due: 90, sent: 90, delivered: 60 });
      } finally {
        await relay.close();
      }
    });

    it("that come altered are wrong replies, and cost no message of the load its own", async () => {
      const relay = await startManglingRelay({ port: backend.port, lastByte: 0x7e });
      try {
        const { report, delivered } = await pushFrom(backend, relay.port, {
          // ping has one answer, which is altered too: the load is left out.
          ratePerS: 0.001,
          drainMs: 1000,
        });
        assert.equal(delivered, 0);
        assert.deepEqual([...new Set(report.failures.map(({ kind }) => kind))], ["reply-wrong"]);
      } finally {
        await relay.close();
      }
    });
  });
}
