import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createUsageMeter, processTree } from "#wsrally/proxy/process-usage.js";
import { echoes, eventually, isAlive, never, withBench } from "./support/proxy-bench.js";

const onLinux = process.platform === "linux";

describe("createUsageMeter()", () => {
  it("sees the proxy's processor time grow with its work", async () => {
    await withBench(async ({ nginx }) => {
      const running = await (await nginx()).start(never);
      const before = running.usage();
      await echoes(
        running.endpoint,
        Array.from({ length: 500 }, () => "ping"),
      );
      const after = running.usage();
      await running.stop();
      if (!onLinux) return assert.deepEqual(after, { cpuNs: null, rssBytes: null });
      assert.ok(before.cpuNs !== null && after.cpuNs !== null && after.cpuNs > before.cpuNs);
      assert.ok(after.rssBytes !== null && after.rssBytes > 100_000);
    });
  });

  it("never goes backwards, though a worker ends", async () => {
    await withBench(async ({ nginx }) => {
      const before = processTree(process.pid);
      const running = await (await nginx({ worker_processes: "2" })).start(never);
      await echoes(
        running.endpoint,
        Array.from({ length: 200 }, () => "ping"),
      );
      const [master, ...workers] = processTree(process.pid).filter((pid) => !before.includes(pid));
      assert.ok(master !== undefined && workers.length >= 1);
      const used = running.usage();
      for (const worker of workers) process.kill(worker, "SIGKILL");
      assert.ok(await eventually(() => !workers.some(isAlive)));
      const later = running.usage();
      await running.stop();
      const ended = running.usage();
      if (!onLinux) return;
      assert.ok((later.cpuNs ?? 0) >= (used.cpuNs ?? 1));
      assert.ok((ended.cpuNs ?? 0) >= (later.cpuNs ?? 1));
      assert.equal(ended.rssBytes, null);
    });
  });

  it("counts the relay's process for embedded, and nothing where there is no process", () => {
    assert.deepEqual(createUsageMeter(null).read(), { cpuNs: null, rssBytes: null });
    const own = createUsageMeter(process.pid).read();
    assert.equal(own.cpuNs !== null && own.cpuNs > 0, onLinux);
  });
});
