/** Interval logs as somebody may have made them: each broken one is refused with its line, and none takes long. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateSync } from "node:zlib";
import {
  BrokenHistogramLogError,
  HistogramBudgetError,
  HistogramLogReader,
} from "#wsrally/base/histogram-log.js";
import { histogramLogHead, LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { ns } from "#wsrally/base/units.js";
import { encodedHistogram, histogramBytes } from "../support/encoded-histogram.js";
import { fc } from "../support/seeded-fast-check.js";

const head = histogramLogHead(1_700_000_000_000, "[a comment]");
const lineOf = (encoded: string): string => `Tag=roundTrip,1.000,1.000,0.100,${encoded}\n`;
const read = (text: string): Map<string, LatencyHistogram> => new HistogramLogReader().read(text);

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(ns(value));
  return histogram;
}

const good = lineOf(histogramOf([1000, 2000]).encode());
const zerosOf = (megabytes: number): Buffer => deflateSync(Buffer.alloc(megabytes << 20));
const encoded = histogramOf([1000, 2000]).encode();

const broken: readonly (readonly [what: string, line: string, says: RegExp])[] = [
  ["words", "hello\n", /no interval/],
  ["a field too few", `Tag=a,1.000,1.000,${encoded}\n`, /no interval/],
  ["a tag of markup", `Tag=<b>,1.000,1.000,0.1,${encoded}\n`, /no interval/],
  ["no base64", lineOf("{}"), /base64/],
  ["base64 cut off", lineOf(encoded.slice(0, 21)), /base64/],
  ["a stream cut off", lineOf(encoded.slice(0, 20)), /not inflate/],
  ["no histogram", lineOf(Buffer.from("hello, world").toString("base64")), /no compressed HdrHistogram/],
  ["a bomb of zeros", lineOf(encodedHistogram(zerosOf(100))), /inflates to more than/],
  ["zeros", lineOf(encodedHistogram(deflateSync(Buffer.alloc(100)))), /no head/],
  ["five digits", lineOf(encodedHistogram(histogramBytes({ digits: 5 }))), /3 digits/],
  ["no digits", lineOf(encodedHistogram(histogramBytes({ digits: -1 }))), /3 digits/],
  ["a unit beyond all values", lineOf(encodedHistogram(histogramBytes({ unit: 2n ** 62n }))), /3 digits/],
  ["a length beyond its end", lineOf(encodedHistogram(histogramBytes({ payloadBytes: 2 ** 31 }))), /as long/],
  ["a word cut off", lineOf(encodedHistogram(histogramBytes({ words: [0x80] }))), /within a word/],
  [
    "a leap over 2⁶² buckets",
    lineOf(encodedHistogram(histogramBytes({ words: [...Array(8).fill(0xff), 0xff] }))),
    /more buckets/,
  ],
  [
    "a count that no array holds",
    lineOf(encodedHistogram(histogramBytes({ words: [...Array(8).fill(0xfe), 0x0e] }))),
    /impossible count/,
  ],
  ["a thousand series", manySeries(1000), /one series more/],
];

function manySeries(series: number): string {
  return Array.from({ length: series }, (_, i) => `Tag=s${i},1.000,1.000,0.1,${encoded}\n`).join("");
}

describe("a histogram log", () => {
  for (const [what, line, says] of broken) {
    it(`that holds ${what} is refused with its line`, () => {
      const text = `${head}${good}${line}${good}`;
      assert.throws(
        () => read(text),
        (error: unknown) => {
          assert.ok(error instanceof BrokenHistogramLogError, String(error));
          assert.match(error.message, says);
          const first = text.slice(0, -good.length).split("\n").length - line.split("\n").length + 1;
          assert.ok(error.line >= first && error.line < first + line.split("\n").length - 1, `${error.line}`);
          return true;
        },
      );
    });
  }

  it("whose last line was cut off when the run was killed is read without it", () => {
    assert.equal(read(`${head}${good}${good.slice(0, -9)}`).get("roundTrip")?.count, 2);
  });

  it("gives back what was recorded, whatever it was", () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 1e13 }));
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { maxLength: 60 }), { minLength: 1, maxLength: 4 }),
        (intervals) => {
          const lines = intervals.map((values, i) => histogramOf(values).toLogLine("wire", i, i + 1));
          const merged = read(lines.join("")).get("wire") as LatencyHistogram;
          // On disk a greatest value is its bucket's.
          const whole = LatencyHistogram.decode(histogramOf(intervals.flat()).encode());
          assert.deepEqual(
            [merged.count, merged.max(), merged.mean(), merged.quantile(0.5, 0)],
            [whole.count, whole.max(), whole.mean(), whole.quantile(0.5, 0)],
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it("of more than any run has ends in the budget, soon", () => {
    // 32 MiB when inflated, from 40 kB.
    const full = lineOf(encodedHistogram(histogramBytes({ words: Array(40_000).fill(2) })));
    const before = process.cpuUsage();
    assert.throws(() => read(full.repeat(5000)), HistogramBudgetError);
    assert.throws(() => read(good.repeat(70_000)), HistogramBudgetError);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 20e6, `${(user + system) / 1e6} s`);
  });
});

describe("quantiles()", () => {
  it("are those that quantile() gives one by one", () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 1, maxLength: 300 });
    const asked = fc.array(fc.double({ min: 0.001, max: 0.9999, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(values, asked, (recorded, quantiles) => {
        const histogram = histogramOf(recorded);
        const ascending = [0.5, 0.9, 0.99, ...quantiles].sort((a, b) => a - b);
        for (const beyond of [0, 10]) {
          assert.deepEqual(
            histogram.quantiles(ascending, beyond),
            ascending.map((quantile) => histogram.quantile(quantile, beyond)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
