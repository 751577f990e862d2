import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConnectionCourse, connectionsAt, connectionsOfThread } from "#wsrally/load/connection-course.js";

const legs = [
  { forS: 1, from: 2, to: 10 },
  { forS: 1, from: 10, to: 10 },
  { forS: 0.5, from: 4, to: 1 },
];

describe("the course of connections", () => {
  const rows: readonly (readonly [atS: number, wanted: number])[] = [
    [-1, 2],
    [0, 2],
    [0.5, 6],
    [0.999, 9],
    [1, 10],
    [1.7, 10],
    [2, 4],
    [2.25, 2],
    [2.5, 1],
    [99, 1],
  ];
  for (const [atS, wanted] of rows) {
    it(`wants ${wanted} at ${atS} s`, () => assert.equal(connectionsAt(legs, atS), wanted));
  }

  it("is shared out with nothing lost, and none without one as long as there are enough", () => {
    for (let wanted = 3; wanted < 40; wanted++) {
      const parts = [0, 1, 2].map((index) => connectionsOfThread(wanted, { index, threads: 3 }));
      assert.equal(
        parts.reduce((sum, part) => sum + part, 0),
        wanted,
      );
      assert.ok(Math.min(...parts) >= 1 && Math.max(...parts) - Math.min(...parts) <= 1);
    }
  });

  const of = (endNs: number) =>
    new ConnectionCourse({ legs, index: 0, threads: 1 }, { measureNs: 1e9, endNs });

  it("has a late look see the peaks and troughs between", () => {
    assert.deepEqual(of(3.5e9).wantedSince(1.5e9, 3.1e9), [10, 10, 3]);
    assert.deepEqual(of(3.5e9).wantedSince(3.1e9, 3.2e9), [2]);
  });

  it("stays as it is at the window's end", () => {
    assert.equal(of(1.5e9).wantedAt(9e9), 6);
    assert.deepEqual(of(1.5e9).wantedSince(0, 9e9), [6]);
  });

  it("is looked at when it may change: not within a leg that holds, nor behind the last", () => {
    const course = of(3.5e9);
    assert.equal(course.nextNs(0), 1e9);
    assert.ok(course.nextNs(1e9) <= 1e9 + 1e9 / 8);
    assert.equal(course.nextNs(2.2e9), 3e9);
    assert.equal(course.nextNs(3.5e9), Infinity);
  });
});
