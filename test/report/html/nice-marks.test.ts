import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { niceMarks } from "#wsrally/report/html/nice-marks.js";
import { fc } from "../../support/seeded-fast-check.js";

describe("niceMarks()", () => {
  it("steps evenly by 1, 2 or 5", () => {
    assert.deepEqual(niceMarks(0, 10, { isLog: false, marks: 5 }), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(niceMarks(130, 690, { isLog: false, marks: 6 }), [200, 300, 400, 500, 600]);
  });

  it("has round numbers in every decade of a logarithmic scale", () => {
    assert.deepEqual(niceMarks(90, 1100, { isLog: true, marks: 4 }), [100, 200, 500, 1000]);
    assert.deepEqual(niceMarks(1, 1e6, { isLog: true, marks: 6 }), [1, 10, 100, 1000, 1e4, 1e5, 1e6]);
  });

  it("gives marks within the scale, rising, and not too many", () => {
    const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        fc.double({ min: 1.01, max: 1e6, noNaN: true }),
        fc.boolean(),
        (low, factor, isLog) => {
          const marks = niceMarks(low, low * factor, { isLog, marks: 6 });
          assert.ok(marks.every((mark) => mark >= low * (1 - 1e-9) && mark <= low * factor * (1 + 1e-9)));
          assert.ok(marks.every((mark, i) => i === 0 || mark > (marks[i - 1] ?? 0)));
          assert.ok(marks.length <= 12, `${marks.length} marks`);
        },
      ),
    );
  });
});
