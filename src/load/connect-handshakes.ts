/**
 * The opening handshakes of WebSockets over HTTP/2 that are under way: what each asks, since when, and what its answer
 * means.
 */
import { monotonicClock } from "../base/clock.js";
import { readConnectAnswer } from "../http2/connect-answer.js";
import { createConnectRequest } from "../http2/connect-request.js";
import type { HeaderField } from "../websocket/header-fields.js";
import { unansweredWithin } from "./classify-error.js";
import type { ConnectionFault, EngineSettings, OpeningTimes } from "./engine.js";
import type { Target } from "./messages.js";
import { rowOf } from "./rows.js";

interface Handshake {
  readonly startNs: number;
  requestedNs: number;
  /** Of the connection that was opened for it; null for one on a connection that was there. */
  carrier: OpeningTimes | null;
}

export class ConnectHandshakes {
  readonly #timeoutMs: number;
  readonly #blockFor: ReturnType<typeof createConnectRequest>;
  readonly #subprotocols: readonly string[];
  readonly #rows: Target["rows"];
  readonly #underWay = new Map<number, Handshake>();

  /** @throws UsageError when the target's path, host, origin or headers cannot stand in a request */
  constructor({ target, handshakeTimeoutMs }: Pick<EngineSettings, "target" | "handshakeTimeoutMs">) {
    this.#timeoutMs = handshakeTimeoutMs;
    this.#blockFor = createConnectRequest({
      scheme: target.tls ? "https" : "http",
      path: target.path,
      host: target.hostHeader,
      origin: target.origin,
      subprotocols: target.subprotocols,
      extraFields: target.fields,
    });
    this.#subprotocols = target.subprotocols;
    this.#rows = target.rows;
  }

  begin(webSocket: number): void {
    const nowNs = monotonicClock.now();
    this.#underWay.set(webSocket, { startNs: nowNs, requestedNs: nowNs, carrier: null });
  }

  has(webSocket: number): boolean {
    return this.#underWay.has(webSocket);
  }

  /** @param carrier as `Handshake` has it. @returns the header block to send now */
  request(webSocket: number, carrier: OpeningTimes | null): Buffer {
    const handshake = this.#underWay.get(webSocket);
    if (handshake !== undefined) {
      handshake.requestedNs = monotonicClock.now();
      handshake.carrier = carrier;
    }
    return this.#blockFor(rowOf(this.#rows, webSocket));
  }

  /** Takes the answer, with which the handshake is over. */
  answered(webSocket: number, fields: readonly HeaderField[]): OpeningTimes | { fault: ConnectionFault } {
    const handshake = this.#underWay.get(webSocket);
    if (handshake === undefined) throw new RangeError(`WebSocket ${webSocket} has no handshake under way`);
    this.#underWay.delete(webSocket);
    const answer = readConnectAnswer(fields, this.#subprotocols);
    switch (answer.kind) {
      case "accepted": {
        const { carrier, requestedNs } = handshake;
        return {
          connectNs: carrier?.connectNs ?? null,
          tlsNs: carrier?.tlsNs ?? null,
          upgradeNs: monotonicClock.now() - requestedNs,
          tls: carrier?.tls ?? null,
        };
      }
      case "rejected":
        return {
          fault: { kind: "upgrade-status", code: answer.status, detail: `HTTP ${answer.status} over HTTP/2` },
        };
      case "invalid":
        return { fault: { kind: "upgrade-invalid", code: null, detail: answer.detail } };
    }
  }

  forget(webSocket: number): void {
    this.#underWay.delete(webSocket);
  }

  /** Those that take longer than they may. */
  overdue(): { readonly webSocket: number; readonly fault: ConnectionFault }[] {
    const nowNs = monotonicClock.now();
    const fault = unansweredWithin(this.#timeoutMs);
    return [...this.#underWay]
      .filter(([, { startNs }]) => nowNs - startNs > this.#timeoutMs * 1e6)
      .map(([webSocket]) => ({ webSocket, fault }));
  }
}
