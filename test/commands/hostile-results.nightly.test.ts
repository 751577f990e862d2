/** Hostile runs that take seconds to render, in every format: of those the ordinary tests look at one each. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hostileRuns, longRuns } from "../support/hostile-results.js";
import { faultsOf, withResults } from "./hostile-rendering.js";

describe("report of a hostile run that is long", () => {
  it("ends with 0 or 2 in every format, soon, and shows nothing of other files", {
    timeout: 180_000,
  }, async () => {
    await withResults(async (out) => {
      const some = hostileRuns.filter(({ kind }) => longRuns.includes(kind));
      assert.equal(some.length, longRuns.length);
      assert.deepEqual(await faultsOf(out, some), []);
    });
  });
});
