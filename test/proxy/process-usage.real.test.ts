import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { processTree } from "#wsrally/proxy/process-family.js";
import { createUsageMeter } from "#wsrally/proxy/process-usage.js";
import type { ProxyEndpoint, ProxyFootprint } from "#wsrally/proxy/proxy.js";
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
      if (!onLinux) return assert.equal(after.cpuNs, null);
      assert.ok(before.cpuNs !== null && after.cpuNs !== null && after.cpuNs > before.cpuNs);
      assert.ok(after.rssBytes !== null && after.rssBytes > 100_000);
      // The client waits for each answer before it sends the next, so nginx goes to sleep in between.
      const switches = (after.voluntarySwitches ?? 0) - (before.voluntarySwitches ?? 0);
      // On a busy processor the next message is there before it does, more often than not.
      assert.ok(switches > 50, `${switches} context switches`);
      const spent = after.processes.reduce((sum, { cpuNs }) => sum + cpuNs, 0);
      assert.equal(spent, after.cpuNs);
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
    const none = createUsageMeter(null);
    assert.deepEqual([none.usage().cpuNs, none.residentBytes(), none.footprint()], [null, null, null]);
    const own = createUsageMeter(process.pid).usage();
    assert.equal(own.cpuNs !== null && own.cpuNs > 0, onLinux);
  });

  it("counts old workers after a reload until their connections have ended", { skip: !onLinux }, async () => {
    await withBench(async ({ nginx }) => {
      const running = await (await nginx()).start(never);
      const sockets = await openSockets(running.endpoint, 20);
      try {
        const before = running.footprint();
        const [oldWorker] = before?.processes.filter(({ isMain }) => !isMain) ?? [];
        assert.ok(before !== null && oldWorker !== undefined);
        assert.ok((oldWorker.descriptors ?? 0) >= 40, "two descriptors a connection");

        await running.reload?.();
        const isRelieved = (): boolean =>
          workerTitles(running.footprint()).filter((title) => /is shutting down/.test(title)).length === 1;
        assert.ok(await eventually(isRelieved));
        const during = running.footprint();
        assert.ok(during !== null);
        assert.equal(workerTitles(during).length, 2);
        const stillHeld = during.processes.find(({ pid }) => pid === oldWorker.pid)?.descriptors ?? 0;
        assert.ok(stillHeld >= 40, `${stillHeld} descriptors are still the old worker's`);
        // Not the proportional size: another nginx that starts beside this one takes its share of the same libraries.
        assert.ok((during.rssBytes ?? 0) > (before.rssBytes ?? 0), "the new worker's memory is added");
        const spent = running.usage();
        assert.deepEqual(
          spent.processes.map(({ pid }) => pid).sort(),
          during.processes.map(({ pid }) => pid).sort(),
        );

        for (const socket of sockets) socket.terminate();
        assert.ok(await eventually(() => workerTitles(running.footprint()).length === 1));
        assert.ok((running.usage().cpuNs ?? 0) >= (spent.cpuNs ?? 1), "its processor time stays in the sum");
      } finally {
        for (const socket of sockets) socket.terminate();
        await running.stop();
      }
    });
  });

  it("finds a process of the group whose parent has ended", { skip: !onLinux }, async () => {
    const leader = spawn("sh", ["-c", "sleep 30 & echo $!"], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [line] = await once(leader.stdout, "data");
    leader.stdout.destroy();
    await once(leader, "exit");
    const meter = createUsageMeter(leader.pid ?? null);
    const orphan = Number(String(line));
    try {
      assert.deepEqual(
        meter.footprint()?.processes.map(({ pid, isMain }) => ({ pid, isMain })),
        [{ pid: orphan, isMain: false }],
      );
      assert.ok((meter.residentBytes() ?? 0) > 0, "once found it stays known");
    } finally {
      process.kill(orphan, "SIGKILL");
    }
  });
});

async function openSockets(endpoint: ProxyEndpoint, count: number): Promise<WebSocket[]> {
  const url = `ws://${endpoint.host}:${endpoint.port}/sock`;
  const sockets = Array.from({ length: count }, () => new WebSocket(url));
  await Promise.all(sockets.map((socket) => once(socket, "open")));
  return sockets;
}

function workerTitles(footprint: ProxyFootprint | null): string[] {
  const workers = footprint?.processes.filter(({ isMain }) => !isMain) ?? [];
  return workers.map(({ title }) => title ?? "");
}
