/**
 * The opening handshakes under way on an engine of our own: what was asked, what came so far, and how long each step
 * took.
 */
import { monotonicClock } from "../base/clock.js";
import { acceptFor, createKey } from "../websocket/accept-key.js";
import { createUpgradeRequest } from "../websocket/upgrade-request.js";
import { UpgradeResponseReader } from "../websocket/upgrade-response-reader.js";
import { unansweredWithin } from "./classify-error.js";
import type { ConnectionFault, EngineSettings, OpeningTimes, TlsAgreement } from "./engine.js";
import type { Target } from "./messages.js";
import { rowOf } from "./rows.js";

interface Handshake {
  readonly startNs: number;
  connectedNs: number;
  requestedNs: number;
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

export class Handshakes {
  readonly #timeoutNs: number;
  readonly #isTls: boolean;
  readonly #requestFor: ReturnType<typeof createUpgradeRequest>;
  readonly #subprotocols: readonly string[];
  readonly #rows: Target["rows"];
  readonly #underWay = new Map<number, Handshake>();

  /** @throws UsageError when the target's path, host, origin or headers cannot stand in a request */
  constructor({ target, handshakeTimeoutMs }: Pick<EngineSettings, "target" | "handshakeTimeoutMs">) {
    this.#timeoutNs = handshakeTimeoutMs * 1e6;
    this.#isTls = target.tls;
    this.#requestFor = createUpgradeRequest({
      path: target.path,
      host: target.hostHeader,
      origin: target.origin,
      subprotocols: target.subprotocols,
      extraFields: target.fields,
    });
    this.#subprotocols = target.subprotocols;
    this.#rows = target.rows;
  }

  begin(connection: number, nowNs: number): void {
    this.#underWay.set(connection, { startNs: nowNs, connectedNs: nowNs, requestedNs: nowNs, reader: null });
  }

  connected(connection: number, nowNs: number): void {
    this.#of(connection).connectedNs = nowNs;
  }

  /** The bytes to send now that the stream is ready. */
  request(connection: number, nowNs: number): Buffer {
    const handshake = this.#of(connection);
    const key = createKey();
    handshake.requestedNs = nowNs;
    handshake.reader = new UpgradeResponseReader({
      accept: acceptFor(key),
      subprotocols: this.#subprotocols,
    });
    return this.#requestFor(key, rowOf(this.#rows, connection));
  }

  /** Takes the first `end` bytes of the buffer. @returns null while the answer is incomplete */
  answered(connection: number, buffer: Buffer, end: number, tls: TlsAgreement | null): Answer | null {
    const handshake = this.#of(connection);
    const outcome = handshake.reader?.read(buffer, 0, end);
    switch (outcome?.kind) {
      case "accepted":
        this.#underWay.delete(connection);
        return { framesAt: outcome.framesAt, times: this.#timesOf(handshake, tls) };
      case "rejected": {
        const detail = `HTTP ${outcome.status} ${outcome.reason}`.trim();
        return { fault: { kind: "upgrade-status", code: outcome.status, detail } };
      }
      case "invalid":
        return {
          fault: { kind: "upgrade-invalid", code: null, detail: `${outcome.code}: ${outcome.detail}` },
        };
      default:
        return null;
    }
  }

  forget(connection: number): void {
    this.#underWay.delete(connection);
  }

  /** Those that take longer than they may. */
  overdue(nowNs: number): { readonly connection: number; readonly fault: ConnectionFault }[] {
    const fault = unansweredWithin(this.#timeoutNs / 1e6);
    return [...this.#underWay]
      .filter(([, { startNs }]) => nowNs - startNs > this.#timeoutNs)
      .map(([connection]) => ({ connection, fault }));
  }

  #of(connection: number): Handshake {
    const handshake = this.#underWay.get(connection);
    if (handshake === undefined) throw new RangeError(`Connection ${connection} has no handshake under way`);
    return handshake;
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
