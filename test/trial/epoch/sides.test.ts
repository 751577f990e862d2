import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlannedArm } from "#wsrally/scenario/scenario.js";
import { sidesOf } from "#wsrally/trial/epoch/sides.js";
import type { PreparedArm } from "#wsrally/trial/prepare-arms.js";

describe("sidesOf()", () => {
  for (const [arms, sides] of [
    [2, 2],
    [3, 3],
    [4, 2],
  ] as const) {
    it(`finds each of ${arms} arms behind each of ${sides} backends`, () => {
      const plans = Array.from({ length: arms }, (_, arm) => ({ name: `arm-${arm}` }) as PlannedArm);
      // As prepareArms() gives them out.
      const shifted = Array.from({ length: sides }, (_, generation) =>
        plans.map(
          (plan, arm) => ({ plan, answers: [`${(arm + generation) % sides}`] }) as unknown as PreparedArm,
        ),
      );
      const { behind } = sidesOf(plans, shifted, []);
      for (const arm of shifted[0] ?? []) {
        for (let backend = 0; backend < sides; backend++) {
          const found = behind(arm, backend);
          assert.deepEqual([found.plan, found.answers], [arm.plan, [`${backend}`]]);
        }
      }
    });
  }
});
