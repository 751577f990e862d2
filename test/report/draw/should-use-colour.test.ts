import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isInteractive } from "#wsrally/report/draw/is-interactive.js";
import { shouldUseColour } from "#wsrally/report/draw/should-use-colour.js";

describe("shouldUseColour(), isInteractive()", () => {
  for (const [isTty, env, colour, interactive] of [
    [true, {}, true, true],
    [false, {}, false, false],
    [true, { TERM: "dumb" }, false, false],
    [true, { CI: "true" }, false, false],
    [true, { CI: "1" }, false, false],
    [true, { CI: "false" }, true, true],
    [true, { CI: "" }, true, true],
    [true, { NO_COLOR: "1" }, false, true],
    [true, { NO_COLOR: "" }, true, true],
    [false, { FORCE_COLOR: "1" }, true, false],
    [false, { FORCE_COLOR: "" }, true, false],
    [true, { FORCE_COLOR: "0" }, false, true],
    [true, { FORCE_COLOR: "false" }, false, true],
    [false, { FORCE_COLOR: "1", CI: "true", TERM: "dumb" }, true, false],
    [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ] as const) {
    it(`on ${isTty ? "a terminal" : "a pipe"} with ${JSON.stringify(env)}`, () => {
      assert.equal(shouldUseColour({ isTty, env }), colour);
      assert.equal(isInteractive({ isTty, env }), interactive);
    });
  }
});
