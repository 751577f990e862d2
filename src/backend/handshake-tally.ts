/**
 * Counts what comes before a WebSocket: connections taken, and what became of their requests.
 */
import type { RequestAnswer } from "./answer-request.js";
import { addCode, type BackendCounts, type MutableCodes } from "./backend-counts.js";

type HandshakeCounts = Pick<
  BackendCounts,
  "accepted" | "upgrades" | "refusedUpgrades" | "refusals" | "pages" | "unanswered"
>;

export class HandshakeTally {
  accepted = 0;
  /** Ended, for their request did not come. */
  unanswered = 0;
  upgrades = 0;
  /** Requests that did not become WebSockets. */
  answeredOtherwise = 0;
  #refusedUpgrades = 0;
  readonly #refusals: MutableCodes = {};
  readonly #pages: MutableCodes = {};

  answered(answer: RequestAnswer): void {
    if (answer.kind === "accepted") {
      this.upgrades++;
      return;
    }
    const { kind, status } = answer;
    this.answeredOtherwise++;
    addCode(kind === "refused" ? this.#refusals : this.#pages, status);
    if (kind === "refused") this.#refusedUpgrades++;
  }

  counts(): HandshakeCounts {
    return {
      accepted: this.accepted,
      upgrades: this.upgrades,
      refusedUpgrades: this.#refusedUpgrades,
      refusals: { ...this.#refusals },
      pages: { ...this.#pages },
      unanswered: this.unanswered,
    };
  }
}
