import assert from "node:assert/strict";
import { it } from "node:test";
import { OwnResets } from "#wsrally/http2/own-resets.js";

it("OwnResets knows the latest one by one, and forgives all below the ones it has forgotten", () => {
  const resets = new OwnResets();
  for (let id = 5; id <= 2003; id += 2) resets.add(id);
  assert.deepEqual(
    [3, 5, 2003, 2005].map((id) => resets.has(id)),
    [false, true, true, false],
  );
  resets.add(3001);
  assert.deepEqual(
    [3, 5, 7, 2003, 2005, 3001].map((id) => resets.has(id)),
    [true, true, true, true, false, true],
  );
});
