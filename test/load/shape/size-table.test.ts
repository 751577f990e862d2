import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SizeTable } from "#wsrally/load/shape/size-table.js";
import type { SizeSpec } from "#wsrally/scenario/sizes.js";

/** As many as go once round the table, sorted. */
function sizesOf(spec: SizeSpec, { seed = 1, connection = 0, least = 8 } = {}): number[] {
  const table = new SizeTable(spec, seed, least);
  return Array.from({ length: 4096 }, (_, sequence) => table.sizeOf(connection, sequence)).sort(
    (a, b) => a - b,
  );
}

describe("SizeTable", () => {
  it("has every size of a range as often as any other, its ends as well", () => {
    const sizes = sizesOf({ kind: "range", least: 64, most: 127 });
    assert.deepEqual([sizes[0], sizes.at(-1)], [64, 127]);
    for (let size = 64; size <= 127; size++) {
      assert.equal(sizes.filter((one) => one === size).length, 64, `${size}`);
    }
  });

  it("has half of a lognormal below its median, and two in three within its spread", () => {
    const sizes = sizesOf({ kind: "lognormal", median: 200, spread: 2 });
    assert.equal(
      sizes.filter((size) => size < 200).length,
      2048 - sizes.filter((size) => size === 200).length / 2,
    );
    const within = sizes.filter((size) => size >= 100 && size <= 400).length / sizes.length;
    assert.ok(Math.abs(within - 0.6827) < 0.005, `${within}`);
  });

  it("has counted sizes as often as they were counted, and none below the least", () => {
    const sizes = sizesOf({ kind: "counted", sizes: [3, 100, 5000], counts: [1, 2, 1] });
    const counted = [8, 100, 5000].map((size) => sizes.filter((one) => one === size).length);
    assert.deepEqual(counted, [1024, 2048, 1024]);
  });

  it("is the same for a seed, in another order for another, and elsewhere for another connection", () => {
    const spec: SizeSpec = { kind: "range", least: 64, most: 1500 };
    const inOrder = (seed: number, connection: number): number[] => {
      const table = new SizeTable(spec, seed, 8);
      return Array.from({ length: 100 }, (_, sequence) => table.sizeOf(connection, sequence));
    };
    assert.deepEqual(inOrder(7, 3), inOrder(7, 3));
    assert.notDeepEqual(inOrder(7, 3), inOrder(8, 3));
    assert.notDeepEqual(inOrder(7, 3), inOrder(7, 4));
    assert.deepEqual(sizesOf(spec, { seed: 7 }), sizesOf(spec, { seed: 8, connection: 5 }));
  });
});
