import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";
import { isIoUringUsable } from "#wsrally/linux/is-io-uring-usable.js";
import { monotonicNs } from "#wsrally/linux/system-clock.js";
import { linuxOnly } from "./support/linux-only.js";

/** Runs `body` in a thread of its own, with the named modules of src/linux at hand. */
function inWorker(modules: readonly string[], body: string): Worker {
  const imports = modules.map(
    (name) => `await import(${JSON.stringify(import.meta.resolve(`#wsrally/linux/${name}.js`))})`,
  );
  const code = `(async () => {
    const { parentPort } = require("node:worker_threads");
    const layer = Object.assign({}, ${imports.join(", ")});
    ${body}
  })();`;
  return new Worker(code, { eval: true });
}

describe("the Linux layer in worker threads", linuxOnly, () => {
  it("works in several at once, and their clocks agree", async () => {
    const before = monotonicNs();
    const workers = [1, 2, 3].map(() =>
      inWorker(
        ["is-io-uring-usable", "tls-context", "epoll", "system-clock"],
        `const context = new layer.TlsContext({ caPem: null, verify: true, resume: true, protocols: [] });
        context.close();
        const epoll = new layer.Epoll();
        epoll.wait(1000);
        epoll.close();
        parentPort.postMessage([layer.isIoUringUsable().available, layer.monotonicNs()]);`,
      ),
    );
    const answers = await Promise.all(workers.map((worker) => once(worker, "message")));
    await Promise.all(workers.map((worker) => worker.terminate()));
    const after = monotonicNs();
    for (const [[usable, ns]] of answers as [[boolean, number]][]) {
      assert.equal(usable, isIoUringUsable().available);
      assert.ok(ns > before && ns < after);
    }
  });

  it("survives a thread that is stopped in the middle of a wait", async () => {
    const { available } = isIoUringUsable();
    const worker = inWorker(
      ["io-uring", "epoll", "socket-pair"],
      `if (${available}) {
        const ring = new layer.IoUring({ submissions: 8, completions: 16 });
        const buffers = ring.provideBuffers({ group: 0, count: 8, bytesEach: 64 });
        ring.receive(layer.openSocketPair()[0], buffers, 1);
        ring.wait(0);
      }
      const epoll = new layer.Epoll();
      parentPort.postMessage("ready");
      for (;;) epoll.wait(1_000_000);`,
    );
    await once(worker, "message");
    await worker.terminate();
    assert.ok(monotonicNs() > 0);
  });
});
