/**
 * How many answers to SETTINGS and PING wait for a peer that does not take them: it may ask without end, and each would be
 * kept.
 */
import type { ConnectionError } from "./frame-types.js";

/** At 17 bytes at most, 170 KB. */
const waitingMost = 10_000;

const tooMany: ConnectionError = {
  name: "ENHANCE_YOUR_CALM",
  detail: "SETTINGS and PING without end, whose answers are not taken",
};

export class AckMeter {
  readonly #isBlocked: () => boolean;
  #waiting = 0;

  /** @param isBlocked whether what is written now has to wait */
  constructor(isBlocked: () => boolean) {
    this.#isBlocked = isBlocked;
  }

  /** One more is to be written. @returns what is wrong where that is one too many */
  take(): ConnectionError | null {
    this.#waiting = this.#isBlocked() ? this.#waiting + 1 : 0;
    return this.#waiting > waitingMost ? tooMany : null;
  }
}
