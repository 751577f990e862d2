import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { resolveScenario } from "#wsrally/scenario/resolve-scenario.js";
import type { PlannedArm } from "#wsrally/scenario/scenario.js";
import { checkLimits } from "#wsrally/trial/check-limits.js";

function armsOf(arms: string[], connections: number): readonly PlannedArm[] {
  return resolveScenario({ arms }, { name: "t", overrides: { connections }, locate: (file) => file }).arms;
}

const limits = { maxOpenFiles: 20_000, ephemeralPorts: 28_232 };

describe("checkLimits()", () => {
  for (const [arm, connections] of [
    ["nginx", 9900],
    ["embedded", 9900],
    ["direct", 19_900],
    ["ws://127.0.0.1/", 19_900],
  ] as const) {
    it(`lets ${connections} connections through ${arm}, and not many more`, () => {
      checkLimits(armsOf([arm], connections), limits);
      assert.throws(
        () => checkLimits(armsOf([arm], connections + 100), limits),
        (error) =>
          error instanceof EnvironmentError &&
          /20000/.test(error.message) &&
          /want at most/.test(error.message),
      );
    });
  }

  it("counts nginx's two descriptors for each connection, over its workers", () => {
    const [arm] = resolveScenario(
      { arms: [{ arm: "nginx", set: { worker_processes: "2" } }] },
      { name: "t", overrides: { connections: 15_000 }, locate: (file) => file },
    ).arms;
    assert.ok(arm);
    checkLimits([arm], limits);
    assert.throws(
      () => checkLimits(armsOf(["nginx"], 15_000), limits),
      /each nginx worker needs 30100 open files/,
    );
  });

  it("says when the ports run out before the files do", () => {
    assert.throws(
      () => checkLimits(armsOf(["direct"], 29_000), { maxOpenFiles: 1_000_000, ephemeralPorts: 28_232 }),
      /29000 local ports and may have 28232/,
    );
  });

  it("lets everything through where the system tells no limits", () => {
    checkLimits(armsOf(["nginx"], 900_000), { maxOpenFiles: null, ephemeralPorts: null });
  });
});
