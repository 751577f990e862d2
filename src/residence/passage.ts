/**
 * Messages of one direction between coming to the proxy and leaving it. A proxy hands a connection's messages on in the order
 * in which they came, so the next that leaves is the one that came first, if it says the same.
 */
import { LatencyRecorder } from "../base/latency-recorder.js";

/** What became of a direction's messages that came within the window. */
export class DirectionTally {
  readonly recorder = new LatencyRecorder();
  came = 0;
  left = 0;
  /** Messages that left and had not come, whenever that was. */
  strays = 0;
  #fromNs = Number.POSITIVE_INFINITY;
  #toNs = 0;

  /** In the stamps' clock. Before it is called there is no window. */
  setWindow(fromNs: number, toNs: number): void {
    this.#fromNs = fromNs;
    this.#toNs = toNs;
  }

  enter(stampNs: number): void {
    if (this.#isInWindow(stampNs)) this.came++;
  }

  leave(cameNs: number, leftNs: number): void {
    if (!this.#isInWindow(cameNs)) return;
    this.left++;
    this.recorder.record(leftNs - cameNs);
  }

  #isInWindow(stampNs: number): boolean {
    return stampNs >= this.#fromNs && stampNs < this.#toNs;
  }
}

/** How many are kept that have left, while others are on their way. */
const mostLeft = 64;

/** Of one connection. */
export class Passage {
  readonly #tally: DirectionTally;
  readonly #sums: number[] = [];
  readonly #stampsNs: number[] = [];
  #first = 0;

  constructor(tally: DirectionTally) {
    this.#tally = tally;
  }

  enter(sum: number, stampNs: number): void {
    this.#tally.enter(stampNs);
    this.#sums.push(sum);
    this.#stampsNs.push(stampNs);
  }

  leave(sum: number, stampNs: number): void {
    const found = this.#sums.indexOf(sum, this.#first);
    if (found < 0) {
      this.#tally.strays++;
      return;
    }
    this.#tally.leave(this.#stampsNs[found] as number, stampNs);
    // What came before it and did not leave will not.
    this.#first = found + 1;
    if (this.#first < this.#sums.length && this.#first < mostLeft) return;
    this.#sums.splice(0, this.#first);
    this.#stampsNs.splice(0, this.#first);
    this.#first = 0;
  }
}
