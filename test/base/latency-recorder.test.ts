import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { LatencyRecorder } from "#wsrally/base/latency-recorder.js";
import { ns } from "#wsrally/base/units.js";
import { fc } from "../support/seeded-fast-check.js";

describe("LatencyRecorder", () => {
  it("gives the histogram that the library would have made, whatever is recorded", () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 0, max: 2 ** 31 + 1000 }),
      fc.integer({ min: 2 ** 31 - 3, max: 2 ** 31 + 3 }),
      fc.integer({ min: 0, max: 60_000_000_000 }),
      fc.nat(31).map((bits) => 2 ** bits),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const recorder = new LatencyRecorder();
        const wanted = new LatencyHistogram();
        for (const each of values) {
          recorder.record(each);
          wanted.record(ns(each));
        }
        const made = recorder.toHistogram();
        assert.equal(made.encode(), wanted.encode());
        assert.equal(made.count, values.length);
      }),
      { numRuns: 200 },
    );
  });

  it("drops fractions and records what would be negative as nothing", () => {
    const recorder = new LatencyRecorder();
    recorder.record(1.9);
    recorder.record(-3);
    assert.equal(recorder.toHistogram().max(), 1);
    assert.equal(recorder.toHistogram().count, 2);
  });
});
