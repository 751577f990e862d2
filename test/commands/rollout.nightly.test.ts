/** Events of which the ordinary tests try another proxy's, or another of the kind. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
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
});
