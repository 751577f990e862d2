/**
 * Which messages are stamped, of connections that send in turn.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StampTurns } from "#wsrally/load/stamp-turns.js";

function stamped(every: number, messages: number): number[] {
  const turns = new StampTurns(every);
  return Array.from({ length: messages }, (_, message) => message).filter(() => {
    const isDue = turns.isDue();
    if (isDue) turns.taken();
    return isDue;
  });
}

describe("StampTurns", () => {
  it("takes one of sixteen, and at the longest 23 later the next", () => {
    const found = stamped(16, 1600);
    assert.ok(Math.abs(found.length - 100) <= 1, String(found.length));
    const gaps = found.slice(1).map((message, index) => message - (found[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 23);
  });

  it("takes all where it is to", () => assert.equal(stamped(1, 50).length, 50));

  for (const connections of [1, 2, 8, 16, 100]) {
    it(`takes of every one of ${connections} connections that send in turn`, () => {
      const served = new Set(stamped(16, 16 * 4 * connections).map((message) => message % connections));
      assert.equal(served.size, connections);
    });
  }
});
