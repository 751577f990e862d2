/** Garbage collected at a time of our choosing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getHeapSpaceStatistics } from "node:v8";
import { collectYoungGarbage } from "#wsrally/base/collect-garbage.js";

describe("collecting young garbage", () => {
  it("leaves next to nothing in the young generation, and what is in use where it was", () => {
    collectYoungGarbage();
    const kept = Array.from({ length: 2000 }, (_, index) => ({ index }));
    const filledBytes = youngBytes();
    collectYoungGarbage();
    assert.ok(youngBytes() < filledBytes / 2, `${youngBytes()} of ${filledBytes} bytes are left`);
    assert.ok(kept.every(({ index }, place) => index === place));
  });
});

function youngBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  assert.ok(space);
  return space.space_used_size;
}
