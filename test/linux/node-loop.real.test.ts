import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { EventLoop } from "#wsrally/linux/event-loop.js";
import { findNodeLoop } from "#wsrally/linux/node-loop.js";
import { linuxOnly } from "./support/linux-only.js";

async function besideNode(work: (loop: EventLoop) => Promise<void>): Promise<void> {
  const nodeLoop = findNodeLoop();
  assert.ok(nodeLoop, "Node exports libuv");
  const loop = new EventLoop({ busyPoll: false, nodeLoop, handle: () => undefined });
  const ended = loop.run();
  try {
    await work(loop);
  } finally {
    loop.stop();
    await ended;
  }
}

describe("an EventLoop beside Node's", linuxOnly, () => {
  it("lets Node do all it does, without turns in between", async () => {
    await besideNode(async (loop) => {
      await sleep(20);
      for (let i = 0; i < 20; i++) await immediate();
      const texts = await Promise.all(Array.from({ length: 20 }, () => readFile("package.json", "utf8")));
      assert.ok(texts.every((text) => text.includes("wsrally")));
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage('here')", {
        eval: true,
      });
      assert.equal(await new Promise((resolve) => worker.once("message", resolve)), "here");
      await worker.terminate();
      const waits = loop.waits;
      await sleep(100);
      assert.ok(loop.waits - waits < 20, `${loop.waits - waits} waits`);
    });
  });

  it("keeps its own timers while Node has nothing to do", async () => {
    await besideNode(async (loop) => {
      await new Promise<void>((resolve) => {
        loop.timers.at(0, () => {
          loop.yieldSoon();
          resolve();
        });
      });
    });
  });

  it("is not to be had in a worker", async () => {
    const moduleUrl = import.meta.resolve("#wsrally/linux/node-loop.js");
    const worker = new Worker(
      `import(${JSON.stringify(moduleUrl)}).then(({ findNodeLoop }) =>
        require("node:worker_threads").parentPort.postMessage(findNodeLoop()));`,
      { eval: true },
    );
    assert.equal(await new Promise((resolve) => worker.once("message", resolve)), null);
    await worker.terminate();
  });
});
