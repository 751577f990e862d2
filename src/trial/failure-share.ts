/**
 * A failure's count dealt out among the sides and causes that answer for it.
 */
import type { ObservedFailure } from "../load/failure.js";
import type { AttributedFailure } from "./trial-record.js";

type Share = Pick<AttributedFailure, "side"> &
  Partial<Pick<AttributedFailure, "kind" | "cause" | "causeId" | "logMessage">>;

/** One entry of the client's failures, of which shares are taken until nothing is left. */
export class Undivided {
  readonly failure: ObservedFailure;
  readonly shares: AttributedFailure[] = [];
  left: number;

  constructor(failure: ObservedFailure) {
    this.failure = failure;
    this.left = failure.count;
  }

  /** Takes up to so many. @returns how many were there to take */
  take(most: number, share: Share): number {
    const count = Math.min(this.left, Math.max(0, most));
    if (count === 0) return 0;
    const { kind, example } = this.failure;
    this.left -= count;
    this.shares.push({ kind, cause: null, causeId: null, logMessage: null, ...share, count, example });
    return count;
  }

  takeRest(share: Share): void {
    this.take(this.left, share);
  }
}
