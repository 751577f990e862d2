/**
 * The opening of HTTP/2 connections: the preface goes out, and the first bytes that come are the session's to judge.
 */
import { openingBytes } from "../http2/receive-windows.js";
import type { TlsAgreement } from "./engine.js";
import type { Answer, OpeningHandshakes } from "./handshakes.js";
import { PendingHandshakes } from "./pending-handshakes.js";

interface Start {
  readonly startNs: number;
  connectedNs: number;
  requestedNs: number;
}

export class PrefaceHandshakes extends PendingHandshakes<Start> implements OpeningHandshakes {
  readonly #isTls: boolean;

  constructor(timeoutMs: number, isTls: boolean) {
    super(timeoutMs);
    this.#isTls = isTls;
  }

  begin(connection: number, nowNs: number): void {
    this.add(connection, { startNs: nowNs, connectedNs: nowNs, requestedNs: nowNs });
  }

  connected(connection: number, nowNs: number): void {
    this.of(connection).connectedNs = nowNs;
  }

  request(connection: number, nowNs: number): Buffer {
    this.of(connection).requestedNs = nowNs;
    return openingBytes;
  }

  answered(connection: number, _buffer: Buffer, _end: number, tls: TlsAgreement | null): Answer {
    const { startNs, connectedNs, requestedNs } = this.of(connection);
    this.forget(connection);
    const tlsNs = this.#isTls ? requestedNs - connectedNs : null;
    return { framesAt: 0, times: { connectNs: connectedNs - startNs, tlsNs, upgradeNs: 0, tls } };
  }
}
