import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Axis, Point } from "#wsrally/scenario/axes.js";
import { combinations } from "#wsrally/scenario/combinations.js";
import { fc } from "../support/seeded-fast-check.js";

function axesOf(values: Readonly<Record<string, readonly string[]>>): Axis[] {
  return Object.entries(values).map(([name, list]) => ({ name, kind: "directive", values: list }));
}

describe("combinations()", () => {
  it("extends and adds as the example in GitHub's documentation of include", () => {
    const points = combinations(axesOf({ fruit: ["apple", "pear"], animal: ["cat", "dog"] }), {
      exclude: [],
      include: [
        { color: "green" },
        { color: "pink", animal: "cat" },
        { fruit: "apple", shape: "circle" },
        { fruit: "banana" },
        { fruit: "banana", animal: "cat" },
      ],
    });
    assert.deepEqual(points, [
      { fruit: "apple", animal: "cat", color: "pink", shape: "circle" },
      { fruit: "apple", animal: "dog", color: "green", shape: "circle" },
      { fruit: "pear", animal: "cat", color: "pink" },
      { fruit: "pear", animal: "dog", color: "green" },
      { fruit: "banana" },
      { fruit: "banana", animal: "cat" },
    ]);
  });

  for (const [what, exclude, left] of [
    ["all with a value", [{ a: "1" }], ["2x", "2y"]],
    ["one combination", [{ a: "1", b: "y" }], ["1x", "2x", "2y"]],
    ["nothing that is not there", [{ a: "3" }], ["1x", "1y", "2x", "2y"]],
    ["what any of several names", [{ a: "1" }, { b: "x" }], ["2y"]],
  ] as const) {
    it(`leaves out ${what}`, () => {
      const points = combinations(axesOf({ a: ["1", "2"], b: ["x", "y"] }), { exclude, include: [] });
      assert.deepEqual(
        points.map(({ a, b }) => `${a}${b}`),
        left,
      );
    });
  }

  it("may bring an excluded combination back by including it, as GitHub does", () => {
    const item: Point = { a: "1", b: "x" };
    const points = combinations(axesOf({ a: ["1"], b: ["x", "y"] }), { exclude: [item], include: [item] });
    assert.deepEqual(points, [{ a: "1", b: "y" }, item]);
  });

  it("is one combination without axes, and those included where there are some", () => {
    assert.deepEqual(combinations([], { exclude: [], include: [] }), [{}]);
    assert.deepEqual(combinations([], { exclude: [], include: [{ a: "1" }, { a: "2" }] }), [
      { a: "1" },
      { a: "2" },
    ]);
  });

  it("makes every combination once, whatever the axes", () => {
    const values = fc.uniqueArray(fc.constantFrom("1", "2", "3", "4"), { minLength: 1 });
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const points = combinations(axesOf({ a, b, c }), { exclude: [], include: [] });
        assert.equal(points.length, a.length * b.length * c.length);
        assert.equal(new Set(points.map((point) => JSON.stringify(point))).size, points.length);
      }),
    );
  });
});
