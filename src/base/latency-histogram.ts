/**
 * Histograms of durations in whole nanoseconds at three significant digits, on HdrHistogram. This is the only file
 * that knows the library: an empty histogram here has no percentiles, where the library's would say 0 and so meet
 * any SLO.
 */
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
  HistogramLogWriter,
  JsHistogram,
} from "hdr-histogram-js";
import type { Ns } from "./units.js";

/** Values past an hour grow the histogram; until then recording allocates nothing. */
const highestExpectedNs = 3600e9;

/** Values that must lie beyond a percentile for it to mean anything. */
export const valuesBeyondPercentile = 10;

/** Keeps 1000 × (1 − 0.99) from failing as 9.999…. */
const tolerance = 1e-6;

export class LatencyHistogram {
  readonly #histogram: Histogram;

  constructor(histogram: Histogram = emptyHistogram()) {
    this.#histogram = histogram;
  }

  /** Records a duration. A negative one is recorded as 0: two clock reads may tie, never run backwards. */
  record(value: Ns, count = 1): void {
    this.#histogram.recordValueWithCount(value > 0 ? value : 0, count);
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** The largest value recorded; null when there is none. */
  max(): Ns | null {
    return this.count === 0 ? null : (this.#histogram.maxValue as Ns);
  }

  /**
   * The mean, each value by the middle of its bucket; null when nothing was recorded. The library's own walks by an iterator,
   * which takes four times as long.
   */
  mean(): number | null {
    if (this.count === 0) return null;
    const histogram = this.#walkable();
    let seen = 0;
    let sum = 0;
    for (let bucket = 0; seen < this.count; bucket++) {
      const count = histogram.getCountAtIndex(bucket);
      if (count === 0) continue;
      seen += count;
      sum += count * histogram.medianEquivalentValue(histogram.valueFromIndex(bucket));
    }
    return sum / this.count;
  }

  /**
   * The nearest-rank value at a quantile in (0, 1); null when fewer than `beyond` values lie past it, for then one
   * odd value decides it.
   */
  quantile(quantile: number, beyond = valuesBeyondPercentile): Ns | null {
    if (this.count * (1 - quantile) < beyond - tolerance) return null;
    return this.#histogram.getValueAtPercentile(quantile * 100) as Ns;
  }

  /** `quantile` of many at once, the least first, in one walk over the buckets. */
  quantiles(ascending: readonly number[], beyond = valuesBeyondPercentile): (Ns | null)[] {
    const histogram = this.#walkable();
    let bucket = 0;
    let upToHere = histogram.getCountAtIndex(0);
    return ascending.map((quantile) => {
      if (this.count * (1 - quantile) < beyond - tolerance) return null;
      // A product a hair above a whole number is that number, as the library has it.
      const rank = Math.max(1, Math.ceil(quantile * this.count * (1 - Number.EPSILON)));
      while (upToHere < rank) upToHere += histogram.getCountAtIndex(++bucket);
      return histogram.highestEquivalentValue(histogram.valueFromIndex(bucket)) as Ns;
    });
  }

  #walkable(): JsHistogram {
    if (this.#histogram instanceof JsHistogram) return this.#histogram;
    throw new TypeError("Cannot walk over a histogram of WebAssembly");
  }

  /** Adds everything that another histogram holds. */
  add(other: LatencyHistogram): void {
    if (other.count > 0) this.#histogram.add(other.#histogram);
  }

  /** HdrHistogram V2, compressed, base64: how a histogram crosses threads and how it lies on disk. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** A line of an HdrHistogram interval log. @param startS seconds since the log's base time */
  toLogLine(tag: string, startS: number, endS: number): string {
    let text = "";
    const writer = new HistogramLogWriter((line) => {
      text += line;
    });
    this.#histogram.tag = tag;
    // The log's Interval_Max is in ms, as in HdrHistogram's own tools, from values in ns.
    writer.outputIntervalHistogram(this.#histogram, startS, endS, 1e6);
    return text;
  }

  /** An empty one with room for values up to this, which takes less memory; it grows like any other. */
  static upTo(highestNs: Ns): LatencyHistogram {
    return new LatencyHistogram(emptyHistogram(Math.max(2, highestNs)));
  }

  /** @param encoded by `encode` of this program; what a file holds goes through histogram-log.ts */
  static decode(encoded: string): LatencyHistogram {
    return new LatencyHistogram(decodeFromCompressedBase64(encoded));
  }
}

function emptyHistogram(highestNs = highestExpectedNs): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestNs,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    autoResize: true,
    useWebAssembly: false,
  });
}

/** The head of an interval log: format version, start time and legend. */
export function histogramLogHead(startTimeMs: number, comment: string): string {
  let text = "";
  const writer = new HistogramLogWriter((line) => {
    text += line;
  });
  writer.outputComment(comment);
  writer.outputLogFormatVersion();
  writer.outputStartTime(startTimeMs);
  writer.outputLegend();
  // The library ends the start time with an empty line, which some readers take for an interval.
  return text.replace(/\n+/g, "\n");
}
