/**
 * How many streams a client may have begun in vain, one after another: each costs it a few bytes and the server a request
 * ("rapid reset", CVE-2023-44487; by what makes the server reset, "MadeYouReset", CVE-2025-8671; RFC 9113, 10.5).
 */
import type { Clock } from "../base/clock.js";
import type { ConnectionError } from "./frame-types.js";
import type { Stream } from "./stream.js";

/** What nghttp2 (1.57), and so Node, lets a client reset at once, and then in a second. */
const burst = 1000;
const perS = 33;
/** Envoy's premature_reset_min_stream_lifetime_seconds: who gives up later than that has waited for something. */
const soonNs = 1e9;

const tooMany: ConnectionError = {
  name: "ENHANCE_YOUR_CALM",
  detail: "streams that are reset as soon as they are asked on, without end",
};

export class ResetMeter {
  readonly #clock: Clock;
  #left = burst;
  #countedNs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#countedNs = clock.now();
  }

  /** The client has reset an open stream. @returns what is wrong where that is one too many */
  takeOf(stream: Stream): ConnectionError | null {
    // A proxy whose client has left resets what was closed in order as well.
    const wasUsed = stream.isFinished && stream.received > 0;
    return wasUsed || this.#clock.now() - stream.begunNs >= soonNs ? null : this.take();
  }

  /** A stream was reset, or refused, for what the client did. */
  take(): ConnectionError | null {
    const nowNs = this.#clock.now();
    this.#left = Math.min(burst, this.#left + ((nowNs - this.#countedNs) / 1e9) * perS);
    this.#countedNs = nowNs;
    if (this.#left < 1) return tooMany;
    this.#left--;
    return null;
  }
}
