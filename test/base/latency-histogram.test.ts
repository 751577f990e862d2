import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HistogramLogReader } from "#wsrally/base/histogram-log.js";
import { histogramLogHead, LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { ns } from "#wsrally/base/units.js";
import { fc } from "../support/seeded-fast-check.js";

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(ns(value));
  return histogram;
}

describe("LatencyHistogram", () => {
  it("has no percentile, mean or maximum while it is empty", () => {
    const empty = new LatencyHistogram();
    assert.equal(empty.quantile(0.5), null);
    assert.equal(empty.mean(), null);
    assert.equal(empty.max(), null);
    assert.equal(empty.count, 0);
  });

  for (const [count, quantile, known] of [
    [19, 0.5, false],
    [20, 0.5, true],
    [999, 0.99, false],
    [1000, 0.99, true],
    [9999, 0.999, false],
    [10_000, 0.999, true],
  ] as const) {
    it(`${known ? "gives" : "withholds"} the quantile ${quantile} of ${count} values`, () => {
      const values = Array.from({ length: count }, (_, index) => 1000 + index);
      assert.equal(histogramOf(values).quantile(quantile) !== null, known);
    });
  }

  it("is within 0.1 % of the exact nearest-rank percentile, and of the mean", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10_000_000_000 }), { minLength: 100, maxLength: 400 }),
        (values) => {
          const sorted = [...values].sort((a, b) => a - b);
          for (const quantile of [0.5, 0.9]) {
            const exact = sorted[Math.ceil(quantile * sorted.length) - 1] as number;
            const found = histogramOf(values).quantile(quantile) as number;
            assert.ok(Math.abs(found - exact) <= Math.max(1, exact * 0.001), `${found} for ${exact}`);
          }
          const exact = values.reduce((sum, value) => sum + value, 0) / values.length;
          const found = histogramOf(values).mean() as number;
          assert.ok(Math.abs(found - exact) <= Math.max(1, exact * 0.001), `mean ${found} for ${exact}`);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("loses nothing on the way between threads", () => {
    const first = histogramOf(Array.from({ length: 500 }, (_, index) => 90_000 + 977 * index));
    const second = histogramOf(Array.from({ length: 500 }, (_, index) => 5_000_000 + 13 * index));
    const merged = LatencyHistogram.decode(first.encode());
    merged.add(LatencyHistogram.decode(second.encode()));
    assert.equal(merged.count, 1000);
    assert.equal(merged.quantile(0.9), second.quantile(0.8));
  });

  it("records what would be negative as nothing", () => {
    assert.equal(histogramOf([-5]).max(), 0);
  });
});

describe("interval logs", () => {
  it("give every series back, merged over its intervals", () => {
    const fast = histogramOf(Array.from({ length: 100 }, () => 100_000));
    const slow = histogramOf(Array.from({ length: 50 }, () => 900_000));
    const log = [
      histogramLogHead(1_700_000_000_000, "[a comment]"),
      fast.toLogLine("roundTrip", 1_700_000_000, 1_700_000_001),
      slow.toLogLine("roundTrip", 1_700_000_002, 1_700_000_003),
      slow.toLogLine("connect", 1_700_000_002, 1_700_000_003),
    ].join("");
    const read = new HistogramLogReader().read(log);
    assert.deepEqual([...read.keys()], ["roundTrip", "connect"]);
    assert.equal(read.get("roundTrip")?.count, 150);
    assert.equal(read.get("connect")?.count, 50);
  });

  it("carry the format's version, a start time, and no empty line that a reader could trip over", () => {
    const head = histogramLogHead(1_700_000_000_000, "[a comment]");
    assert.match(head, /^#\[Histogram log format version 1\.3\]$/m);
    assert.match(head, /^#\[StartTime: 1700000000\.000 /m);
    assert.doesNotMatch(head, /\n\n/);
  });
});
