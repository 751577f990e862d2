/**
 * Reads interval logs of histograms as they lie beside a run, which may be a stranger's: every line is checked, and all
 * logs of one run together take no more time and memory than a budget.
 */
import { bucketsUpTo, highestValueAt } from "./histogram-buckets.js";
import { addEncodedCounts, BrokenHistogramError } from "./histogram-payload.js";
import { LatencyHistogram } from "./latency-histogram.js";
import { ns } from "./units.js";

/** Which line of a log is broken, and how. */
export class BrokenHistogramLogError extends Error {
  override readonly name = "BrokenHistogramLogError";
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

/** More histograms than are read for one report; the message says what that costs. */
export class HistogramBudgetError extends Error {
  override readonly name = "HistogramBudgetError";

  constructor() {
    super(
      "latency by percentile is not drawn, for the run has more histograms than are read at once; all else is whole",
    );
  }
}

/** As HdrHistogram's own writers write it: start and length in seconds, and the greatest value. */
const interval = /^Tag=([A-Za-z0-9_.-]{1,64})(?:,\d+(?:\.\d+)?){3},([^,]+)$/;

/** A log of ours has a dozen. */
const mostSeries = 32;
const bytesPerBucket = 4;

/** Reads the logs of one run. */
export class HistogramLogReader {
  /** A soak of 5,000 windows leaves 45,000. */
  #intervalsLeft = 60_000;
  #inflatedBytesLeft = 96 * 1024 ** 2;
  /** What histograms of 200 arms take once they are merged. */
  #heldBytesLeft = 96 * 1024 ** 2;
  /** Of one series each, used again for the next log: to make them takes longer than to read a short log. */
  readonly #counts: Float64Array[] = [];

  /**
   * Every series of a log, merged over its intervals, by tag. A last line without an end was cut off when the run was
   * killed, and is left out.
   * @throws BrokenHistogramLogError or HistogramBudgetError
   */
  read(text: string): Map<string, LatencyHistogram> {
    const bySeries = new Map<string, Float64Array>();
    let line = 0;
    for (let at = 0, end = text.indexOf("\n"); end !== -1; at = end + 1, end = text.indexOf("\n", at)) {
      line++;
      const words = text.slice(at, end);
      if (words === "" || words.startsWith("#") || words.startsWith('"')) continue;
      try {
        this.#addInterval(words, bySeries);
      } catch (thrown) {
        throw thrown instanceof BrokenHistogramError
          ? new BrokenHistogramLogError(line, thrown.message)
          : thrown;
      }
    }
    return new Map([...bySeries].map(([series, counts]) => [series, this.#toHistogram(counts)]));
  }

  #addInterval(line: string, bySeries: Map<string, Float64Array>): void {
    const [, series, encoded] = interval.exec(line) ?? [];
    if (series === undefined || encoded === undefined)
      throw new BrokenHistogramError("it is no interval of a log");
    const counts = bySeries.get(series) ?? this.#begin(bySeries.size);
    bySeries.set(series, counts);
    this.#intervalsLeft -= 1;
    this.#inflatedBytesLeft -= addEncodedCounts(encoded, counts);
    if (this.#intervalsLeft < 0 || this.#inflatedBytesLeft < 0) throw new HistogramBudgetError();
  }

  #begin(series: number): Float64Array {
    if (series === mostSeries) throw new BrokenHistogramError(`it begins one series more than ${mostSeries}`);
    const counts = this.#counts[series] ?? new Float64Array(bucketsUpTo(Number.MAX_SAFE_INTEGER));
    this.#counts[series] = counts;
    return counts.fill(0);
  }

  #toHistogram(counts: Float64Array): LatencyHistogram {
    const last = counts.findLastIndex((count) => count > 0);
    this.#heldBytesLeft -= (last + 1) * bytesPerBucket;
    if (this.#heldBytesLeft < 0) throw new HistogramBudgetError();
    const histogram = LatencyHistogram.upTo(ns(highestValueAt(Math.max(0, last))));
    for (let bucket = 0; bucket <= last; bucket++) {
      const count = counts[bucket] as number;
      if (count > 0) histogram.record(ns(highestValueAt(bucket)), count);
    }
    return histogram;
  }
}
