/**
 * Figures of a running trial in memory that the threads share with the main thread, for the progress line: plain
 * counters and a coarse histogram (8 buckets an octave), because percentiles of the real one would cost the measuring
 * thread milliseconds. They are doubles, for a soak sends more messages than 32 bits count.
 */
const fields = ["opened", "failed", "ended", "sent", "received"] as const;
type Field = (typeof fields)[number];
const places: Readonly<Record<Field, number>> = { opened: 0, failed: 1, ended: 2, sent: 3, received: 4 };

const bucketsPerOctave = 8;
const bucketCount = 31 * bucketsPerOctave;
/** Behind them: when its first and its latest connection opened, on the thread's own clock; 0 for not yet. */
const firstOpenedAt = fields.length + bucketCount;
const latestOpenedAt = firstOpenedAt + 1;
const length = latestOpenedAt + 1;

/** The memory of one thread's figures. */
export function createLiveMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT);
}

/** The thread's side. */
export class LiveWriter {
  readonly #memory: Float64Array;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = new Float64Array(memory);
  }

  add(field: Field): void {
    const index = places[field];
    this.#memory[index] = (this.#memory[index] as number) + 1;
  }

  /** A connection is open. @param nowNs on the monotonic clock */
  opened(nowNs: number): void {
    this.add("opened");
    if (this.#memory[firstOpenedAt] === 0) this.#memory[firstOpenedAt] = nowNs;
    this.#memory[latestOpenedAt] = nowNs;
  }

  /** @param latencyNs counted as 2 s where it is more */
  addLatency(latencyNs: number): void {
    const index = fields.length + bucketOf(latencyNs);
    this.#memory[index] = (this.#memory[index] as number) + 1;
  }
}

function bucketOf(latencyNs: number): number {
  const value = Math.max(bucketsPerOctave, Math.min(latencyNs, 2 ** 31 - 1)) | 0;
  const octave = 31 - Math.clz32(value);
  return octave * bucketsPerOctave + ((value >>> (octave - 3)) & (bucketsPerOctave - 1));
}

export interface LiveFigures extends Readonly<Record<Field, number>> {
  /**
   * Connections opened a second, all threads together, in the time of the thread that took longest from its first to its
   * latest; so clocks of several hosts need not agree. Null before any thread has opened two.
   */
  readonly openingPerS: number | null;
  /** Of all replies since the reader was made; within 10 %; null before the first reply. */
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
}

/** The main thread's side: the sum over all threads. */
export function readLiveFigures(memories: readonly SharedArrayBuffer[]): LiveFigures {
  const threads = memories.map((memory) => new Float64Array(memory));
  const sum = new Float64Array(length);
  for (const thread of threads) {
    thread.forEach((value, index) => {
      sum[index] = (sum[index] as number) + value;
    });
  }
  const field = (name: Field): number => sum[places[name]] as number;
  const buckets = sum.subarray(fields.length, firstOpenedAt);
  return {
    opened: field("opened"),
    failed: field("failed"),
    ended: field("ended"),
    sent: field("sent"),
    received: field("received"),
    openingPerS: openingPerS(threads),
    p50Ns: bucketQuantile(buckets, 0.5),
    p99Ns: bucketQuantile(buckets, 0.99),
  };
}

function openingPerS(threads: readonly Float64Array[]): number | null {
  const spanNs = (one: Float64Array): number =>
    (one[latestOpenedAt] as number) - (one[firstOpenedAt] as number);
  const longestNs = Math.max(0, ...threads.map(spanNs));
  const behindFirst = threads.map((one) => Math.max(0, (one[places.opened] as number) - 1));
  return longestNs === 0 ? null : (behindFirst.reduce((sum, one) => sum + one, 0) * 1e9) / longestNs;
}

function bucketQuantile(buckets: Float64Array, quantile: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  let left = total * quantile;
  for (let bucket = 0; bucket < buckets.length && total > 0; bucket++) {
    left -= buckets[bucket] as number;
    if (left <= 0) return lowestValueOf(bucket) * (1 + 0.5 / bucketsPerOctave);
  }
  return null;
}

function lowestValueOf(bucket: number): number {
  const octave = Math.floor(bucket / bucketsPerOctave);
  return 2 ** octave * (1 + (bucket % bucketsPerOctave) / bucketsPerOctave);
}
