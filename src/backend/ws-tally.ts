/** What the pong server on the `ws` package counts. */
import {
  addCode,
  type BackendCounts,
  type MutableCodes,
  type OthersCounts,
  totalOf,
} from "./backend-counts.js";
import { EndingTally } from "./ending-tally.js";

export class WsTally {
  endings = new EndingTally();
  #accepted = 0;
  #upgrades = 0;
  #open = 0;
  #refusedUpgrades = 0;
  #received = 0;
  #sent = 0;
  #bytesReceived = 0;
  #bytesSent = 0;
  #refusals: MutableCodes = {};
  #pages: MutableCodes = {};

  /** A connection came. */
  accepted(): void {
    this.#accepted++;
  }

  upgraded(): void {
    this.#upgrades++;
    this.#open++;
  }

  /** A WebSocket is gone. */
  closed(): void {
    this.#open--;
  }

  /** An upgrade was refused. */
  refused(status: number): void {
    this.#refusedUpgrades++;
    addCode(this.#refusals, status);
  }

  /** A request without an upgrade was answered. */
  page(status: number): void {
    addCode(this.#pages, status);
  }

  /** @param received bytes of its payload @param sent and of the answer's */
  answered(received: number, sent: number): void {
    this.received(received);
    this.sent(sent);
  }

  received(bytes: number): void {
    this.#received++;
    this.#bytesReceived += bytes;
  }

  sent(bytes: number): void {
    this.#sent++;
    this.#bytesSent += bytes;
  }

  /** Begins anew. */
  reset(): void {
    this.endings = new EndingTally();
    this.#accepted = 0;
    this.#upgrades = 0;
    this.#refusedUpgrades = 0;
    this.#received = 0;
    this.#sent = 0;
    this.#bytesReceived = 0;
    this.#bytesSent = 0;
    this.#refusals = {};
    this.#pages = {};
  }

  counts(): BackendCounts {
    return {
      accepted: this.#accepted,
      upgrades: this.#upgrades,
      refusedUpgrades: this.#refusedUpgrades,
      messagesReceived: this.#received,
      messagesSent: this.#sent,
      bytesReceived: this.#bytesReceived,
      bytesSent: this.#bytesSent,
      refusals: { ...this.#refusals },
      pages: { ...this.#pages },
      unanswered: 0,
      open: this.#open,
      endings: this.endings.counts(),
      answerFaults: { dropped: 0, repeated: 0, altered: 0, slow: null },
      pushes: { due: 0, sent: 0 },
      acceptFailures: null,
    };
  }

  asOthers(): OthersCounts {
    return {
      websockets: this.#upgrades,
      otherRequests: totalOf(this.#refusals) + totalOf(this.#pages),
      messages: this.#received,
    };
  }
}
