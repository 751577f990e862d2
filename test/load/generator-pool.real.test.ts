import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createProcessPool, createThreadPool, type GeneratorPool } from "#wsrally/load/generator-pool.js";
import { plainShape } from "#wsrally/load/shape/load-shape.js";
import { resolveWorkload } from "#wsrally/scenario/workload.js";
import { usualPatience } from "#wsrally/trial/patience.js";
import { startLoad } from "#wsrally/trial/run-load.js";
import { targetAt } from "../support/run-thread-alone.js";

const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));

for (const [name, create] of [
  ["threads", () => createThreadPool(2)],
  ["processes", () => createProcessPool(2, guard)],
] as const) {
  describe(`a pool of ${name}`, () => {
    let backend: Backend;
    let pool: GeneratorPool;
    before(async () => {
      const options = { host: "127.0.0.1", port: 0, path: null, once: false, deflate: false };
      backend = await startBackendProcess(guard, options);
      pool = create();
    });
    after(async () => {
      await pool.close();
      await backend.stop();
    });

    const load = (connections: number, signal: AbortSignal, durationS = 0.3) =>
      startLoad({
        pool,
        engine: process.platform === "linux" ? "epoll" : "ws",
        cpus: null,
        sources: process.platform === "linux" ? ["127.0.0.1", "127.0.0.2"] : [],
        target: targetAt(backend.port),
        workload: resolveWorkload({ connections }),
        splitEvery: 0,
        talk: null,
        shape: plainShape,
        answers: ["pong"],
        seed: 1,
        ratePerS: 1000,
        warmupNs: 0,
        durationNs: durationS * 1e9,
        patience: usualPatience,
        signal,
      });

    it("runs one trial after another, and merges what its members counted", async () => {
      for (let trial = 0; trial < 2; trial++) {
        await backend.reset();
        const running = load(11, new AbortController().signal);
        const result = await running.result;
        const seen = (await backend.report()).counts;
        assert.deepEqual([result.opened, result.failed, result.held], [11, 0, 11]);
        assert.equal(seen?.messagesReceived, result.counts.totalSent);
        assert.equal(seen?.messagesSent, result.counts.totalReceived);
        assert.ok(Math.abs(result.counts.windowSent - 300) <= 2, `${result.counts.windowSent}`);
        assert.equal(result.histograms.get("roundTrip")?.count, result.counts.windowReceived);
        assert.ok(running.live().opened >= 1);
        assert.deepEqual(result.failures, []);
      }
    });

    it("ends the trial with a reason when one of its members dies", async () => {
      const running = startLoad({
        pool,
        // No engine has this name: whoever is asked for it dies of it.
        engine: "none" as "ws",
        cpus: null,
        sources: [],
        target: targetAt(backend.port),
        workload: resolveWorkload({ connections: 4 }),
        splitEvery: 0,
        talk: null,
        shape: plainShape,
        answers: ["pong"],
        seed: 1,
        ratePerS: null,
        warmupNs: 0,
        durationNs: 1e8,
        patience: usualPatience,
        signal: new AbortController().signal,
      });
      await assert.rejects(running.result, {
        name: "EnvironmentError",
        message: /A generator (thread|process) has failed/,
      });
    });

    it("ends at once when it is aborted", async () => {
      await pool.close();
      pool = create();
      const abort = new AbortController();
      const running = load(5, abort.signal, 30);
      await running.started;
      abort.abort(new Error("enough"));
      await assert.rejects(running.result);
    });
  });
}

after(() => guard.release());
