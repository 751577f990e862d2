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
  HistogramLogReader,
  HistogramLogWriter,
} from "hdr-histogram-js";
import type { Ns } from "./units.js";

/** Values past an hour grow the histogram; until then recording allocates nothing. */
const highestExpectedNs = 3600e9;

/** Values that must lie beyond a percentile for it to mean anything. */
export const valuesBeyondPercentile = 10;

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

  /** The mean; null when nothing was recorded. */
  mean(): number | null {
    return this.count === 0 ? null : this.#histogram.mean;
  }

  /**
   * The nearest-rank value at a quantile in (0, 1); null when fewer than `beyond` values lie past it, for then one
   * odd value decides it.
   */
  quantile(quantile: number, beyond = valuesBeyondPercentile): Ns | null {
    // The tolerance keeps 1000 × (1 − 0.99) from failing as 9.999….
    if (this.count * (1 - quantile) < beyond - 1e-6) return null;
    return this.#histogram.getValueAtPercentile(quantile * 100) as Ns;
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

  static decode(encoded: string): LatencyHistogram {
    return new LatencyHistogram(decodeFromCompressedBase64(encoded));
  }
}

function emptyHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestExpectedNs,
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

/** Every series of an interval log, merged over its intervals, by tag. */
export function readHistogramLog(text: string): Map<string, LatencyHistogram> {
  const reader = new HistogramLogReader(text);
  const byTag = new Map<string, LatencyHistogram>();
  for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram()) {
    const merged = byTag.get(next.tag) ?? new LatencyHistogram();
    merged.add(new LatencyHistogram(next));
    byTag.set(next.tag, merged);
  }
  return byTag;
}
