/** A step that failed for want of time in generator and backend. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { voidByOwnLimit } from "#wsrally/trial/capacity/own-limit.js";
import type { ProxyCost } from "#wsrally/trial/proxy-cost.js";
import type { GeneratorHealth } from "#wsrally/trial/trial-record.js";

function recordOf(generator: number, backend: number, proxy: number | null) {
  const proxyCost = proxy === null ? null : ({ cpuShare: proxy, workers: [] } as unknown as ProxyCost);
  return { generator: { cpuShare: generator } as GeneratorHealth, backendCpuShare: backend, proxyCost };
}

const shared = { generator: [0], backend: [0] };
const apart = { generator: [0], backend: [1] };
const failed = { outcome: "fail", because: ["p99 < 20ms: 28 ms"] } as const;

describe("voidByOwnLimit()", () => {
  for (const [what, record, placement, outcome] of [
    ["both fill the processor that they share", recordOf(0.5, 0.48, 0.77), shared, "void"],
    ["both leave some of it", recordOf(0.5, 0.44, 0.77), shared, "fail"],
    ["the proxy is busier still", recordOf(0.5, 0.46, 0.98), shared, "fail"],
    ["each has a processor of its own", recordOf(0.5, 0.48, 0.77), apart, "fail"],
    ["the backend fills its own", recordOf(0.5, 0.97, 0.77), apart, "void"],
    ["nothing is known of the proxy", recordOf(0.5, 0.48, null), shared, "void"],
  ] as const) {
    it(`makes of a failed step a ${outcome} one where ${what}`, () => {
      assert.equal(voidByOwnLimit(failed, record, placement).outcome, outcome);
    });
  }

  it("keeps what was wrong beside why it does not count", () => {
    const { because } = voidByOwnLimit(failed, recordOf(0.5, 0.48, 0.77), shared);
    assert.deepEqual(because, [
      "generator and backend: 98 % of a processor, at their limit before the proxy",
      "p99 < 20ms: 28 ms",
    ]);
  });

  it("leaves a step that was kept as it is: want of time makes nothing faster", () => {
    const kept = { outcome: "pass", because: [] } as const;
    assert.equal(voidByOwnLimit(kept, recordOf(0.5, 0.5, 0.5), shared), kept);
  });
});
