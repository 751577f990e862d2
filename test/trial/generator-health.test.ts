import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judgeGenerator } from "#wsrally/trial/generator-health.js";

describe("judgeGenerator()", () => {
  const fit = {
    cpuShare: 0.4,
    sendLagUsP99: 900,
    arrivalsOff: 0.02,
    lateShare: null,
    offered: { due: 1000, sent: 1000 },
    waiting: null,
    stealShare: 0,
    otherShare: 0.1,
    wireGapUsP50: 20,
    wireGapUsP99: 160,
  };
  const unknown = {
    cpuShare: null,
    sendLagUsP99: null,
    arrivalsOff: null,
    lateShare: null,
    offered: null,
    waiting: null,
    stealShare: null,
    otherShare: null,
    wireGapUsP50: null,
    wireGapUsP99: null,
  };
  for (const [what, readings, reasons] of [
    ["a thread with slack", fit, []],
    ["what was not measured", unknown, []],
    [
      "as many waiting as Little's law says",
      { ...fit, waiting: { connections: 1000, byLittlesLaw: 985 } },
      [],
    ],
    [
      "fewer waiting than there are",
      { ...fit, waiting: { connections: 1000, byLittlesLaw: 960 } },
      ["littles-law"],
    ],
    ["a hypervisor with others to serve", { ...fit, stealShare: 0.4 }, ["processor-stolen"]],
    ["a busy thread", { ...fit, cpuShare: 0.99 }, ["generator-saturated"]],
    ["late sends", { ...fit, sendLagUsP99: 25_000 }, ["sends-late"]],
    [
      "late sends in four slices of ten, where these may be",
      { ...fit, sendLagUsP99: 25_000, lateShare: 0.4 },
      [],
    ],
    ["late sends in half of them", { ...fit, sendLagUsP99: 25_000, lateShare: 0.5 }, ["sends-late"]],
    ["sends that were not made", { ...fit, offered: { due: 1000, sent: 980 } }, ["sends-missing"]],
  ] as const) {
    it(`finds ${reasons.length === 0 ? "no fault" : reasons.join()} with ${what}`, () => {
      const health = judgeGenerator(readings);
      assert.deepEqual(health.reasons, reasons);
      assert.equal(health.healthy, reasons.length === 0);
    });
  }
});
