/**
 * The opening handshakes under way on an engine of our own: what was asked, what came so far, and how long each step
 * took.
 */
import { monotonicClock } from "../base/clock.js";
import { acceptFor, createKey } from "../websocket/accept-key.js";
import { KnownAnswer } from "../websocket/known-answer.js";
import { createUpgradeRequest } from "../websocket/upgrade-request.js";
import { UpgradeResponseReader } from "../websocket/upgrade-response-reader.js";
import type { ConnectionFault, EngineSettings, OpeningTimes, TlsAgreement } from "./engine.js";
import type { Target } from "./messages.js";
import { PendingHandshakes } from "./pending-handshakes.js";
import { requestParts } from "./request-parts.js";
import { rowOf } from "./rows.js";

interface Handshake {
  readonly startNs: number;
  connectedNs: number;
  requestedNs: number;
  /** What is to be answered; empty until it is asked. */
  accept: string;
  /** Of an answer that is not as the last one was; null for none, or none yet. */
  reader: UpgradeResponseReader | null;
}

/** What came of a handshake. */
export type Answer =
  | { readonly fault: ConnectionFault }
  /** Frames begin in the buffer at `framesAt`. */
  | { readonly times: OpeningTimes; readonly framesAt: number };

/** What is asked on a connection that was opened, and how its answer is told. */
export type OpeningHandshakes = Pick<
  Handshakes,
  "begin" | "connected" | "request" | "answered" | "forget" | "overdue"
>;

export class Handshakes extends PendingHandshakes<Handshake> {
  readonly #isTls: boolean;
  readonly #requestFor: ReturnType<typeof createUpgradeRequest>;
  readonly #subprotocols: readonly string[];
  readonly #rows: Target["rows"];
  readonly #known = new KnownAnswer();

  /** @throws UsageError when the target's path, host, origin or headers cannot stand in a request */
  constructor({ target, handshakeTimeoutMs }: Pick<EngineSettings, "target" | "handshakeTimeoutMs">) {
    super(handshakeTimeoutMs);
    this.#isTls = target.tls;
    this.#requestFor = createUpgradeRequest(requestParts(target));
    this.#subprotocols = target.subprotocols;
    this.#rows = target.rows;
  }

  begin(connection: number, nowNs: number): void {
    this.add(connection, {
      startNs: nowNs,
      connectedNs: nowNs,
      requestedNs: nowNs,
      accept: "",
      reader: null,
    });
  }

  connected(connection: number, nowNs: number): void {
    this.of(connection).connectedNs = nowNs;
  }

  /** The bytes to send now that the stream is ready; good until the next request. */
  request(connection: number, nowNs: number): Buffer {
    const handshake = this.of(connection);
    const key = createKey();
    handshake.requestedNs = nowNs;
    handshake.accept = acceptFor(key);
    return this.#requestFor(key, rowOf(this.#rows, connection));
  }

  /** Takes the first `end` bytes of the buffer. @returns null while the answer is incomplete */
  answered(connection: number, buffer: Buffer, end: number, tls: TlsAgreement | null): Answer | null {
    const handshake = this.of(connection);
    const { accept } = handshake;
    const framesAt = handshake.reader === null ? this.#known.framesAt(buffer, end, accept) : -1;
    if (framesAt >= 0) return this.#accepted(connection, handshake, framesAt, tls);
    const isFirst = handshake.reader === null;
    handshake.reader ??= new UpgradeResponseReader({ accept, subprotocols: this.#subprotocols });
    const outcome = handshake.reader.read(buffer, 0, end);
    switch (outcome.kind) {
      case "accepted":
        if (isFirst) this.#known.learn(buffer.subarray(0, outcome.framesAt), accept);
        return this.#accepted(connection, handshake, outcome.framesAt, tls);
      case "rejected": {
        const detail = `HTTP ${outcome.status} ${outcome.reason}`.trim();
        return { fault: { kind: "upgrade-status", code: outcome.status, detail } };
      }
      case "invalid":
        return {
          fault: { kind: "upgrade-invalid", code: null, detail: `${outcome.code}: ${outcome.detail}` },
        };
      case "incomplete":
        return null;
    }
  }

  #accepted(connection: number, handshake: Handshake, framesAt: number, tls: TlsAgreement | null): Answer {
    this.forget(connection);
    return { framesAt, times: this.#timesOf(handshake, tls) };
  }

  #timesOf({ startNs, connectedNs, requestedNs }: Handshake, tls: TlsAgreement | null): OpeningTimes {
    return {
      connectNs: connectedNs - startNs,
      tlsNs: this.#isTls ? requestedNs - connectedNs : null,
      upgradeNs: monotonicClock.now() - requestedNs,
      tls,
    };
  }
}
