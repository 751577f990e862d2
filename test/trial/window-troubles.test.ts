import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { windowTroubles } from "#wsrally/trial/window-troubles.js";

const calm = { standstillNs: 20e6, clockSetNs: 900, last: { backend: { standstillNs: 30e6 } } };

describe("windowTroubles()", () => {
  for (const [what, readings, codes] of [
    ["nothing of a calm trial", calm, []],
    ["nothing where there is no backend of ours", { ...calm, last: { backend: null } }, []],
    ["a generator that stood still", { ...calm, standstillNs: 3e9 }, ["generator-stood-still"]],
    ["a backend that did", { ...calm, last: { backend: { standstillNs: 3e9 } } }, ["backend-stood-still"]],
    ["a clock that was set forward", { ...calm, clockSetNs: -3600e9 }, ["clock-set"]],
    ["a clock that was set back by a millisecond", { ...calm, clockSetNs: 1e6 }, ["clock-set"]],
  ] as const)
    it(`tells ${what}`, () => assert.deepEqual(windowTroubles(readings), codes));
});
