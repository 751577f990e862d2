/**
 * Counts how upgraded connections ended, as the server saw it. Whoever calls counts each connection's first end only.
 */
import { addCode, type EndingCounts, type MutableCodes } from "./backend-counts.js";

/** In place of a code, for a close frame without one (RFC 6455, 7.1.5). */
const noStatus = 1005;

export class EndingTally {
  #ownEof = 0;
  #ownReset = 0;
  #peerEof = 0;
  #peerReset = 0;
  readonly #ownClose: MutableCodes = {};
  readonly #faultClose: MutableCodes = {};
  readonly #peerClose: MutableCodes = {};

  ownEof(): void {
    this.#ownEof++;
  }

  ownReset(): void {
    this.#ownReset++;
  }

  ownClose(code: number | null): void {
    addCode(this.#ownClose, code ?? noStatus);
  }

  faultClose(code: number): void {
    addCode(this.#faultClose, code);
  }

  peerClose(code: number | null): void {
    addCode(this.#peerClose, code ?? noStatus);
  }

  peerEof(): void {
    this.#peerEof++;
  }

  peerReset(): void {
    this.#peerReset++;
  }

  counts(): EndingCounts {
    return {
      ownEof: this.#ownEof,
      ownReset: this.#ownReset,
      ownClose: { ...this.#ownClose },
      faultClose: { ...this.#faultClose },
      peerClose: { ...this.#peerClose },
      peerEof: this.#peerEof,
      peerReset: this.#peerReset,
    };
  }
}
