/**
 * The opening of HTTP/2 connections: the preface goes out, and the first bytes that come are the session's to judge.
 */
import { openingBytes } from "../http2/receive-windows.js";
import { unansweredWithin } from "./classify-error.js";
import type { ConnectionFault, TlsAgreement } from "./engine.js";
import type { Answer, OpeningHandshakes } from "./handshakes.js";

interface Start {
  readonly startNs: number;
  connectedNs: number;
  requestedNs: number;
}

export class PrefaceHandshakes implements OpeningHandshakes {
  readonly #timeoutMs: number;
  readonly #isTls: boolean;
  readonly #underWay = new Map<number, Start>();

  constructor(timeoutMs: number, isTls: boolean) {
    this.#timeoutMs = timeoutMs;
    this.#isTls = isTls;
  }

  begin(connection: number, nowNs: number): void {
    this.#underWay.set(connection, { startNs: nowNs, connectedNs: nowNs, requestedNs: nowNs });
  }

  connected(connection: number, nowNs: number): void {
    this.#of(connection).connectedNs = nowNs;
  }

  request(connection: number, nowNs: number): Buffer {
    this.#of(connection).requestedNs = nowNs;
    return openingBytes;
  }

  answered(connection: number, _buffer: Buffer, _end: number, tls: TlsAgreement | null): Answer {
    const { startNs, connectedNs, requestedNs } = this.#of(connection);
    this.#underWay.delete(connection);
    const tlsNs = this.#isTls ? requestedNs - connectedNs : null;
    return { framesAt: 0, times: { connectNs: connectedNs - startNs, tlsNs, upgradeNs: 0, tls } };
  }

  forget(connection: number): void {
    this.#underWay.delete(connection);
  }

  overdue(nowNs: number): { readonly connection: number; readonly fault: ConnectionFault }[] {
    return [...this.#underWay]
      .filter(([, { startNs }]) => nowNs - startNs > this.#timeoutMs * 1e6)
      .map(([connection]) => ({ connection, fault: unansweredWithin(this.#timeoutMs) }));
  }

  #of(connection: number): Start {
    const start = this.#underWay.get(connection);
    if (start === undefined) throw new RangeError(`Connection ${connection} is not being opened`);
    return start;
  }
}
