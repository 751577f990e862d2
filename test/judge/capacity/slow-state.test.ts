import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { slowStateOf } from "#wsrally/judge/capacity/slow-state.js";
import type { CapacityStepResult } from "#wsrally/results/capacity-schema.js";
import { makeTrial } from "../../report/run-documents.js";
import { step } from "../../report/search-documents.js";

function stepAt(
  ratePerS: number,
  inFlight: number,
  cpuUsPerMessage: number,
  changes: Partial<CapacityStepResult> = {},
): CapacityStepResult {
  const { proxyCost } = makeTrial(0);
  const trial = makeTrial(0, { proxyCost: proxyCost && { ...proxyCost, cpuUsPerMessage } });
  return step("search", ratePerS, { inFlight, trial, ...changes });
}

describe("slowStateOf()", () => {
  it("names the load at which a long queue makes messages dearest, against a short one's", () => {
    const found = slowStateOf([
      stepAt(1000, 2, 350),
      stepAt(2550, 14, 357),
      stepAt(2600, 16, 361),
      stepAt(2550, 1300, 446),
      stepAt(2550, 1700, 612),
    ]);
    const short = { inFlight: 15, cpuUsPerMessage: 359 };
    const long = { inFlight: 1700, cpuUsPerMessage: 612 };
    assert.deepEqual(found, { ratePerS: 2550, factor: 612 / 359, short, long });
  });

  for (const [what, steps] of [
    ["a message costs about the same in all", [stepAt(2550, 14, 357), stepAt(2550, 1300, 400)]],
    ["a long queue makes messages cheaper", [stepAt(40_000, 14, 20), stepAt(40_000, 1300, 12)]],
    ["the queues are much alike", [stepAt(2550, 300, 357), stepAt(2550, 1300, 612)]],
    ["the loads are not the same", [stepAt(2000, 14, 357), stepAt(2550, 1300, 612)]],
    ["the generator was not fit", [stepAt(2550, 14, 357), stepAt(2550, 1300, 612, { outcome: "void" })]],
    ["it was of connections", [stepAt(2550, 14, 357), stepAt(2550, 1300, 612, { kind: "connections" })]],
    ["there is one step", [stepAt(2550, 1300, 612)]],
  ] as const) {
    it(`names none where ${what}`, () => {
      assert.equal(slowStateOf(steps), null);
    });
  }
});
