import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimerSlack, timerSlack } from "#wsrally/linux/timer-slack.js";

describe("setTimerSlack()", () => {
  it("is read back, and set back", () => {
    const before = timerSlack();
    setTimerSlack(1);
    assert.equal(timerSlack(), 1);
    setTimerSlack(0);
    assert.equal(timerSlack(), before);
  });
});
