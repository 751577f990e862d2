import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Cast } from "#wsrally/load/unasked/cast.js";

/** To five, of whom the last has left before it was sent. */
function cast(): Cast {
  return new Cast(0, 1000, 5, [true, true, true, true, false]);
}

describe("a message to a room", () => {
  it("is timed at the first, at half and at all of those that it was for, however they come", () => {
    const all = new Cast(0, 1000, 4, [true, true, true, true]);
    for (const [place, atNs] of [1900, 1100, 1500, 1300].entries()) assert.ok(all.cameTo(place, atNs));
    assert.deepEqual(all.times(), { firstNs: 100, medianNs: 300, lastNs: 900 });
    assert.equal(all.awaited, 0);
  });

  it("has no last where somebody never gets it, and no half where half do not", () => {
    const some = cast();
    assert.deepEqual(some.times(), { firstNs: null, medianNs: null, lastNs: null });
    some.cameTo(0, 1100);
    some.cameTo(3, 1200);
    assert.deepEqual(some.times(), { firstNs: 100, medianNs: null, lastNs: null });
    some.cameTo(2, 1150);
    some.cameTo(1, 1300);
    assert.deepEqual(some.times(), { firstNs: 100, medianNs: 200, lastNs: null });
    assert.equal(some.came, 4);
  });

  it("comes to each once, and is awaited where it can come", () => {
    const some = cast();
    assert.equal(some.awaited, 4);
    assert.ok(some.cameTo(0, 1100));
    assert.ok(!some.cameTo(0, 1200));
    some.giveUp(0);
    some.giveUp(1);
    some.giveUp(4);
    assert.deepEqual([some.awaited, some.came], [2, 1]);
  });
});
