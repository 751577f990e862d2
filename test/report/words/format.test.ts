import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  formatBytes,
  formatCount,
  formatNumberOf,
  formatPercent,
  formatPerS,
  formatRatio,
  formatSeconds,
  formatSecondsLeft,
  formatUs,
} from "#wsrally/report/words/format.js";

type Case = readonly [value: number | null | undefined, text: string];

const tables: Readonly<
  Record<string, { format: (value: number | null | undefined) => string; cases: Case[] }>
> = {
  formatUs: {
    format: formatUs,
    cases: [
      [0, "0 µs"],
      [0.0004, "0.40 ns"],
      [0.85, "850 ns"],
      [0.9996, "1.00 µs"],
      [1, "1.00 µs"],
      [12.34, "12.3 µs"],
      [121.4, "121 µs"],
      [999.4, "999 µs"],
      [999.7, "1.00 ms"],
      [1234, "1.23 ms"],
      [48_000, "48.0 ms"],
      [1.5e6, "1.50 s"],
      [5.4321e9, "5,430 s"],
    ],
  },
  formatCount: {
    format: formatCount,
    cases: [
      [0, "0"],
      [-0.2, "0"],
      [999.5, "1,000"],
      [1_234_567, "1,234,567"],
    ],
  },
  formatPerS: {
    format: formatPerS,
    cases: [
      [0, "0"],
      [0.5, "0.5"],
      [12.345, "12.3"],
      [99.96, "100"],
      [9998.4, "9,998"],
    ],
  },
  formatPercent: {
    format: formatPercent,
    cases: [
      [0, "0 %"],
      [0.0004, "0.04 %"],
      [0.011, "1.1 %"],
      [0.05, "5 %"],
      [0.125, "12.5 %"],
      [1.7, "170 %"],
      [123, "12,300 %"],
    ],
  },
  formatBytes: {
    format: formatBytes,
    cases: [
      [0, "0 B"],
      [512, "512 B"],
      [1023.9, "1.00 KiB"],
      [14_336, "14.0 KiB"],
      [-2048, "-2.00 KiB"],
      [8_323_203_072, "7.75 GiB"],
      [5e15, "4,547 TiB"],
    ],
  },
  formatSeconds: {
    format: formatSeconds,
    cases: [
      [1, "1 s"],
      [0.25, "0.25 s"],
    ],
  },
};

for (const [name, { format, cases }] of Object.entries(tables)) {
  describe(`${name}()`, () => {
    for (const [value, text] of cases)
      it(`writes ${value} as ${text}`, () => assert.equal(format(value), text));
    for (const sad of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      it(`writes ${sad} as -`, () => assert.equal(format(sad), "-"));
    }
  });
}

describe("formatRatio()", () => {
  const cases = [
    [1.003, 0.985, 1.014, "1.00x", "0.98-1.01"],
    [1.016, 1.0095, 1.0222, "1.016x", "1.010-1.022"],
    [12.34, 9.5, 110, "12.3x", "9.50-110"],
    [1e6, 5e5, 2e6, "1,000,000x", "500,000-2,000,000"],
    [0, 0, 0, "0.000x", "0.000-0.000"],
    [1.5, null, 2, "1.50x", "-"],
    [null, null, null, "-", "-"],
    [Number.NaN, Number.NaN, 1, "-", "-"],
  ] as const;
  for (const [ratio, low, high, text, interval] of cases) {
    it(`writes ${ratio} (${low} to ${high}) as ${text}, ${interval}`, () => {
      assert.deepEqual(formatRatio(ratio, low, high), { ratio: text, interval });
    });
  }
});

describe("formatSecondsLeft()", () => {
  for (const [seconds, text] of [
    [-3, "0 s"],
    [59.4, "59 s"],
    [59.6, "1:00 min"],
    [65, "1:05 min"],
    [3600, "60:00 min"],
  ] as const) {
    it(`writes ${seconds} as ${text}`, () => assert.equal(formatSecondsLeft(seconds), text));
  }
});

describe("formatNumberOf()", () => {
  it("minds the plural", () => {
    assert.deepEqual(
      [0, 1, 14].map((count) => formatNumberOf(count, "block")),
      ["0 blocks", "1 block", "14 blocks"],
    );
  });
});
