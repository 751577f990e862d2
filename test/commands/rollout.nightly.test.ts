/** Events of which the ordinary tests try another proxy's, or another of the kind. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { rollOut, sidesOf } from "./roll-out.js";

describe("wsrally rollout", () => {
  it("lets another process take a proxy's place with its clients still there, and says until when", async () => {
    const rollouts = await rollOut([
      ...["nginx", "haproxy", "envoy", "--event", "upgrade", "--patience", "2500ms"],
    ]);
    for (const { arm, clients, lost, proxy, upgrade } of rollouts) {
      assert.deepEqual([arm, clients, lost.count], [arm, 60, 0]);
      assert.ok((proxy.oldProcessesLeft ?? 0) > 0, arm);
      assert.notEqual(upgrade?.from ?? null, null, arm);
      assert.equal(upgrade?.to, upgrade?.from, arm);
    }
    const restart = ["--set", "parent-shutdown-time-s=1", "--set", "drain-time-s=1", "--event", "reload"];
    const [cut] = await rollOut(["envoy", ...restart]);
    assert.equal(cut?.lost.count, 60);
    assert.deepEqual(cut === undefined ? [] : sidesOf(cut), ["proxy"]);
    assert.ok((cut?.lostMs?.first ?? 0) >= 900, `${cut?.lostMs?.first} ms`);
    assert.match(cut?.explanation?.cure ?? "", /--parent-shutdown-time-s/);
    assert.deepEqual(
      readdirSync("/dev/shm").filter((name) => name.startsWith("envoy_shared_memory")),
      [],
    );
  });

  it("has clients back after a kill", async () => {
    const [rollout] = await rollOut(["nginx", "--event", "kill"]);
    assert.ok(rollout !== undefined);
    assert.deepEqual([rollout.lost.count, rollout.reconnects.notBack, ...sidesOf(rollout)], [60, 0, "proxy"]);
  });

  it("goes over to another program, once its clients have left the one before", async () => {
    const nginx = (await findNginx()).path;
    const [rollout] = await rollOut([
      ...["nginx", "--set", "worker_shutdown_timeout=300ms", "--event", "upgrade"],
      ...["--to-binary", nginx, "--times", "2", "--every", "1500ms"],
    ]);
    // Who came back to the second was cut by the third.
    assert.equal(rollout?.lost.count, 120);
    assert.equal(rollout?.reconnects.notBack, 0);
    assert.equal(rollout?.proxy.oldProcessesLeft, 0);
  });

  it("switches the upstream to a second backend, and says who is still at the first", async () => {
    const args = ["nginx", "caddy", "--event", "blue-green", "--patience", "2500ms"];
    const [stays, leaves] = await rollOut(args);
    assert.deepEqual([stays?.lost.count, stays?.backends], [0, { before: 60, after: 0 }]);
    assert.deepEqual([leaves?.lost.count, leaves?.backends], [60, { before: 0, after: 60 }]);
  });

  it("has clients back after a backend that was gone, and a storm", async () => {
    for (const [event, side] of [
      ["backend-down", "backend"],
      ["storm", "backend"],
    ] as const) {
      const [rollout] = await rollOut(["nginx", "--event", event]);
      assert.ok(rollout !== undefined);
      assert.deepEqual([event, rollout.lost.count, rollout.reconnects.notBack], [event, 60, 0]);
      assert.deepEqual([event, ...sidesOf(rollout)], [event, side]);
    }
  });

  it("compares how clients come back after a restart", async () => {
    const rollouts = await rollOut(["nginx", "--event", "restart", "--reconnect", "at-once,fixed"]);
    for (const rollout of rollouts) {
      assert.deepEqual([rollout.lost.count, rollout.reconnects.notBack], [60, 0]);
      assert.deepEqual(sidesOf(rollout), ["proxy"]);
    }
    const [, fixed] = rollouts.map(({ downMs }) => downMs?.p50 ?? 0);
    assert.deepEqual(
      rollouts.map(({ reconnect }) => reconnect),
      ["at-once", "fixed"],
    );
    assert.ok((fixed ?? 0) >= 1000, `${fixed} ms`);
  });
});
