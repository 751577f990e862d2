import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { LatencyRecorder } from "#wsrally/base/latency-recorder.js";
import { ns } from "#wsrally/base/units.js";
import type { SlicesReport } from "#wsrally/load/slice-report.js";
import { Slices } from "#wsrally/load/slices.js";
import { steadyP99, toTrialSlices } from "#wsrally/trial/trial-slices.js";
import { fc } from "../support/seeded-fast-check.js";

const startNs = 7e9;

interface Sent {
  /** Milliseconds from the window's start. */
  readonly atMs: number;
  readonly wireUs: number;
  readonly lagUs?: number;
  readonly seenUs?: number;
}

function record(windowMs: number, messages: readonly Sent[]): SlicesReport {
  const slices = new Slices();
  slices.begin({ measureNs: startNs, endNs: startNs + windowMs * 1e6 }, false);
  for (const { atMs, wireUs, lagUs = 0, seenUs = 0 } of messages) {
    const dueNs = startNs + atMs * 1e6;
    const sentNs = dueNs + lagUs * 1e3;
    const stampNs = sentNs + wireUs * 1e3;
    slices.answered(slices.at(dueNs), dueNs, sentNs, stampNs + seenUs * 1e3, stampNs, false);
  }
  return slices.toReport();
}

function trialSlices(
  report: SlicesReport,
  windowMs: number,
  messagesPerS: number,
  owns = (_sinceNs: number) => true,
) {
  const endNs = startNs + windowMs * 1e6;
  const wish = { measureNs: startNs, endNs, messagesPerS, stolenNs: () => null, owns };
  return toTrialSlices(report, wish) ?? assert.fail("no slices");
}

/** Even arrivals of a rate, with the latency of each by its number. */
function arrivals(windowMs: number, ratePerS: number, wireUs: (index: number) => number): Sent[] {
  return Array.from({ length: (windowMs * ratePerS) / 1e3 }, (_, index) => ({
    atMs: (index * 1e3) / ratePerS,
    wireUs: wireUs(index),
  }));
}

describe("slices of a window", () => {
  it("are those of the trial's own slots alone where others had the rest of the time", () => {
    const messages = arrivals(600, 6000, (index) => 100 + Math.floor(index / 600));
    const inSecondSlot = (sinceNs: number): boolean => sinceNs >= 200e6 && sinceNs < 400e6;
    const own = trialSlices(record(600, messages), 600, 6000, inSecondSlot);
    assert.deepEqual(
      own.p99Ns.wire.map((value) => Math.round((value ?? 0) / 1e3)),
      [102, 103],
    );
    assert.equal(own.generatorGapNs.length, 2);
    assert.equal(own.stolenNs.length, 2);
  });

  it("have the p50 and p99 of a histogram of what was due in them, to the last nanosecond", () => {
    const latencies = fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 3000, maxLength: 3000 });
    fc.assert(
      fc.property(latencies, (wireUs) => {
        const messages = arrivals(500, 6000, (index) => wireUs[index] as number);
        const { p50Ns, p99Ns } = trialSlices(record(500, messages), 500, 6000);
        const wanted = Array.from({ length: 5 }, (_, slice) => {
          const histogram = new LatencyHistogram();
          for (const value of wireUs.slice(600 * slice, 600 * (slice + 1))) histogram.record(ns(value * 1e3));
          return [0.5, 0.99].map((quantile) => histogram.quantile(quantile, 1));
        });
        assert.deepEqual(
          p50Ns.wire.map((p50, slice) => [p50, p99Ns.wire[slice]]),
          wanted,
        );
      }),
      { numRuns: 15 },
    );
  });

  it("are none where nothing was sent", () => {
    const wish = { measureNs: startNs, endNs: startNs + 1e9, stolenNs: () => null, owns: () => true };
    assert.equal(toTrialSlices(record(1000, []), { ...wish, messagesPerS: 0 }), null);
  });

  it("hold together all that was recorded", () => {
    const slices = new Slices();
    slices.begin({ measureNs: startNs, endNs: startNs + 1e9 }, false);
    const whole = new LatencyRecorder();
    for (let i = 0; i < 5000; i++) {
      const valueNs = 1e4 + ((i * 7919) % 3e9);
      const dueNs = startNs + i * 2e5;
      slices.answered(slices.at(dueNs), dueNs, dueNs, dueNs + valueNs, dueNs + valueNs, false);
      whole.record(valueNs);
    }
    assert.equal(slices.whole("wire").toHistogram().encode(), whole.toHistogram().encode());
  });

  for (const [what, windowMs, ratePerS, lengthS, count] of [
    ["a tenth of a second", 1000, 5000, 0.1, 10],
    ["as long as 500 messages take", 3000, 1500, 0.4, 7],
    ["longer in a long window", 20_000, 5000, 0.2, 100],
    ["whole ones, without what is left over", 1050, 6000, 0.1, 10],
  ] as const) {
    it(`are ${what}`, () => {
      const found = trialSlices(
        record(
          windowMs,
          arrivals(windowMs, ratePerS, () => 100),
        ),
        windowMs,
        ratePerS,
      );
      assert.deepEqual([found.lengthNs / 1e9, found.p99Ns.wire.length], [lengthS, count]);
      assert.ok(found.p99Ns.wire.every((value) => value !== null));
    });
  }

  it("tell no tail from half of what they are to hold", () => {
    const messages = arrivals(1000, 6000, () => 100).filter(({ atMs }) => atMs < 900 || atMs % 3 === 0);
    assert.deepEqual(trialSlices(record(1000, messages), 1000, 6000).p99Ns.wire.indexOf(null), 9);
  });

  it("tell how long generator and backend stood still, in the slice in which it was", () => {
    const messages = arrivals(500, 6000, () => 100).map((one, index) => ({
      ...one,
      lagUs: index === 700 ? 9000 : 10,
      seenUs: index === 1300 ? 12_000 : 40,
    }));
    const { generatorGapNs, backendGapNs } = trialSlices(record(500, messages), 500, 6000);
    assert.deepEqual(
      generatorGapNs.map((gapNs) => Math.round(gapNs / 1e3)),
      [40, 9000, 12_000, 40, 40],
    );
    assert.deepEqual(backendGapNs, [null, null, null, null, null]);
  });
});

describe("steadyP99()", () => {
  for (const [what, p99Ns, steady] of [
    ["the middle one", [5, 1, 3, 2, 4], 3],
    ["the mean of two", [1, 2, 3, 4, 5, 6], 3.5],
    ["unmoved by a hiccup in one slice", [3, 3, 3, 3, 3, 3, 3, 3, 3, 20_000], 3],
    ["that of the slices which tell", [null, 2, 2, 2, 2, 2], 2],
    ["none of four", [1, 2, 3, 4], null],
    ["none of four that tell", [1, 2, null, 3, 4], null],
  ] as const) {
    it(`is ${what}`, () => {
      assert.equal(steadyP99(p99Ns), steady);
    });
  }

  it("grows as every message does", () => {
    const [plain, slower] = [100, 110].map((usual) =>
      trialSlices(
        record(
          1000,
          arrivals(1000, 6000, (index) => usual + (index % 97)),
        ),
        1000,
        6000,
      ),
    );
    const ratio = (steadyP99(slower?.p99Ns.wire ?? []) ?? 0) / (steadyP99(plain?.p99Ns.wire ?? []) ?? 1);
    assert.ok(Math.abs(ratio - 205 / 195) < 0.002, String(ratio));
  });
});
