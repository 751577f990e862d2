/**
 * The time inside real proxies, as root. What is asserted holds of every message by itself, whatever the machine does beside.
 */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBackendProcess } from "#wsrally/backend/backend-process.js";
import { monotonicClock } from "#wsrally/base/clock.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { createThreadPool } from "#wsrally/load/generator-pool.js";
import { prepareEmbedded } from "#wsrally/proxy/embedded.js";
import { watchResidence } from "#wsrally/residence/residence-process.js";
import { skipLacking } from "../support/lacking.js";
import { ping, pong, RawClient } from "../support/raw-client.js";
import { runCli } from "../support/run-cli.js";
import { runOneTrial } from "../support/trial-bench.js";
import { withFolder } from "../support/with-folder.js";

function lacksRoot(test: TestContext): boolean {
  if (process.getuid?.() === 0) return false;
  skipLacking(test, "packets are for root");
  return true;
}

/** Histograms have three digits. */
const rounding = 1.002;

function sumOf(encoded: string | null): number {
  const histogram = LatencyHistogram.decode(encoded ?? assert.fail("no histogram"));
  return histogram.count * (histogram.mean() ?? assert.fail("empty"));
}

describe("time inside the proxy", () => {
  it("has the 20 ms that a proxy stood still, and what is outside it has not", async (test) => {
    if (lacksRoot(test)) return;
    const workspace = await createWorkspace();
    const guard = createProcessGuard(workspace.path);
    const backend = await startBackendProcess(guard, {
      ...{ host: "127.0.0.1", port: 0, path: null, once: false, deflate: false },
    });
    const { signal } = new AbortController();
    const setting = { backend, connections: 1, path: null, serverName: null, host: null };
    const prepared = prepareEmbedded({ ...setting, folder: workspace.path, guard }, {});
    const relay = await prepared.start(signal);
    const watch = await watchResidence(guard);
    try {
      const pid = relay.mainPid ?? assert.fail("no process");
      await watch.begin({ clients: [relay.endpoint.port], upstreams: [backend.port] });
      await watch.window(0, Number.MAX_SAFE_INTEGER);
      const client = await RawClient.open(relay.endpoint.port);
      const rounds = 5;
      let stoppedNs = 0;
      let roundTripsNs = 0;
      for (let round = 0; round < rounds; round++) {
        client.received = Buffer.alloc(0);
        process.kill(pid, "SIGSTOP");
        const sentNs = monotonicClock.now();
        client.send(ping);
        const writtenNs = monotonicClock.now();
        await sleep(20);
        stoppedNs += monotonicClock.now() - writtenNs;
        process.kill(pid, "SIGCONT");
        await client.until(() => client.received.length >= pong.length);
        roundTripsNs += monotonicClock.now() - sentNs;
      }
      client.socket.destroy();
      const { up, down, connections, packets, dropped } = await watch.figures();
      assert.deepEqual([up.came, up.left, down.came, down.left, up.strays + down.strays], [5, 5, 5, 5, 0]);
      assert.deepEqual([connections, dropped], [{ opened: 1, passedOn: 1, lost: 0 }, 0]);
      // Two connections opened, two handshakes and five messages there and back, and nothing else of a busy machine.
      assert.ok(packets >= 28 && packets < 40, `${packets} packets`);
      const [upNs, downNs] = [sumOf(up.histogram), sumOf(down.histogram)];
      assert.ok(upNs * rounding >= stoppedNs, `${upNs} ns of ${stoppedNs}`);
      assert.ok(upNs + downNs <= roundTripsNs * rounding, `${upNs} and ${downNs} ns of ${roundTripsNs}`);
      assert.ok(roundTripsNs - upNs - downNs < stoppedNs, `${roundTripsNs - upNs - downNs} ns outside`);
    } finally {
      await watch.stop();
      await relay.stop();
      await backend.stop();
      await workspace.remove();
      guard.release();
    }
  });

  it("is of every message of a trial, and a part of its round trip", async (test) => {
    if (lacksRoot(test)) return;
    const workspace = await createWorkspace();
    const guard = createProcessGuard(workspace.path);
    const watch = await watchResidence(guard);
    const pool = createThreadPool(1);
    try {
      const order = {
        arm: "nginx",
        workload: { payload: 300, residence: true },
        residence: watch,
        ratePerS: 400,
      };
      const { histograms, counts, residence } = await runOneTrial(pool, order);
      const [up, down, roundTrip] = (["residenceUp", "residenceDown", "roundTrip"] as const).map(
        (series) => histograms.get(series) ?? assert.fail(`no ${series}: ${residence?.problem}`),
      ) as [LatencyHistogram, LatencyHistogram, LatencyHistogram];
      assert.deepEqual(residence?.connections, { opened: 10, passedOn: 10, lost: 0 });
      // What is sent at the window's very end comes to the proxy behind it.
      assert.ok(up.count > counts.windowSent / 2 && up.count <= counts.windowSent, `${up.count} messages`);
      const total = (one: LatencyHistogram): number => one.count * (one.mean() ?? 0);
      assert.ok(total(up) + total(down) <= total(roundTrip) * rounding);
      assert.ok((up.max() ?? 0) <= (roundTrip.max() ?? 0) * rounding);
    } finally {
      await pool.close();
      await watch.stop();
      await workspace.remove();
      guard.release();
    }
  });

  it("says in one line what it takes, without the right to see packets", async (test) => {
    if (lacksRoot(test)) return;
    await withFolder(async (cwd) => {
      const through = ["setpriv", "--bounding-set", "-net_raw"];
      const { code, stderr } = await runCli(["run", "direct", "--residence", "--blocks", "1"], {
        cwd,
        through,
      });
      assert.equal(code, 3, stderr);
      assert.match(stderr, /^Cannot see packets at the proxy for --residence: it takes CAP_NET_RAW.*$/m);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    });
  });
});
