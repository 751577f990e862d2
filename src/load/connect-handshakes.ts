/**
 * The opening handshakes of WebSockets over HTTP/2 that are under way: what each asks, since when, and what its answer
 * means.
 */
import { monotonicClock } from "../base/clock.js";
import { readConnectAnswer } from "../http2/connect-answer.js";
import { createConnectRequest } from "../http2/connect-request.js";
import type { HeaderField } from "../websocket/header-fields.js";
import type { ConnectionFault, EngineSettings, OpeningTimes } from "./engine.js";
import type { Target } from "./messages.js";
import { PendingHandshakes } from "./pending-handshakes.js";
import { requestParts } from "./request-parts.js";
import { rowOf } from "./rows.js";

interface Handshake {
  readonly startNs: number;
  requestedNs: number;
  /** Of the connection that was opened for it; null for one on a connection that was there. */
  carrier: OpeningTimes | null;
}

export class ConnectHandshakes extends PendingHandshakes<Handshake> {
  readonly #blockFor: ReturnType<typeof createConnectRequest>;
  readonly #subprotocols: readonly string[];
  readonly #rows: Target["rows"];

  /** @throws UsageError when the target's path, host, origin or headers cannot stand in a request */
  constructor({ target, handshakeTimeoutMs }: Pick<EngineSettings, "target" | "handshakeTimeoutMs">) {
    super(handshakeTimeoutMs);
    this.#blockFor = createConnectRequest({
      scheme: target.tls ? "https" : "http",
      ...requestParts(target),
    });
    this.#subprotocols = target.subprotocols;
    this.#rows = target.rows;
  }

  begin(webSocket: number): void {
    const nowNs = monotonicClock.now();
    this.add(webSocket, { startNs: nowNs, requestedNs: nowNs, carrier: null });
  }

  /** @param carrier as `Handshake` has it. @returns the header block to send now */
  request(webSocket: number, carrier: OpeningTimes | null): Buffer {
    const handshake = this.of(webSocket);
    handshake.requestedNs = monotonicClock.now();
    handshake.carrier = carrier;
    return this.#blockFor(rowOf(this.#rows, webSocket));
  }

  /** Takes the answer, with which the handshake is over. */
  answered(webSocket: number, fields: readonly HeaderField[]): OpeningTimes | { fault: ConnectionFault } {
    const { carrier, requestedNs } = this.of(webSocket);
    this.forget(webSocket);
    const answer = readConnectAnswer(fields, this.#subprotocols);
    switch (answer.kind) {
      case "accepted":
        return {
          connectNs: carrier?.connectNs ?? null,
          tlsNs: carrier?.tlsNs ?? null,
          upgradeNs: monotonicClock.now() - requestedNs,
          tls: carrier?.tls ?? null,
        };
      case "rejected":
        return {
          fault: { kind: "upgrade-status", code: answer.status, detail: `HTTP ${answer.status} over HTTP/2` },
        };
      case "invalid":
        return { fault: { kind: "upgrade-invalid", code: null, detail: answer.detail } };
    }
  }
}
