import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeGenerator } from "#wsrally/trial/generator-health.js";

describe("judgeGenerator()", () => {
  const fit = { cpuShare: 0.4, sendLagUsP99: 900, offered: { due: 1000, sent: 1000 } };
  for (const [what, readings, reasons] of [
    ["a thread with slack", fit, []],
    ["what was not measured", { cpuShare: null, sendLagUsP99: null, offered: null }, []],
    ["a busy thread", { ...fit, cpuShare: 0.99 }, ["generator-saturated"]],
    ["late sends", { ...fit, sendLagUsP99: 25_000 }, ["sends-late"]],
    ["sends that were not made", { ...fit, offered: { due: 1000, sent: 980 } }, ["sends-missing"]],
  ] as const) {
    it(`finds ${reasons.length === 0 ? "no fault" : reasons.join()} with ${what}`, () => {
      const health = judgeGenerator(readings);
      assert.deepEqual(health.reasons, reasons);
      assert.equal(health.healthy, reasons.length === 0);
    });
  }
});
