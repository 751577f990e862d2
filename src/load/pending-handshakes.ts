/**
 * Opening handshakes that are under way, by the connection or WebSocket that each is of: since when, and which take too
 * long.
 */
import { unansweredWithin } from "./classify-error.js";
import type { ConnectionFault } from "./engine.js";

export abstract class PendingHandshakes<Handshake extends { readonly startNs: number }> {
  readonly #timeoutMs: number;
  readonly #underWay = new Map<number, Handshake>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** It is over, one way or the other. */
  forget(connection: number): void {
    this.#underWay.delete(connection);
  }

  /** Those that take longer than they may. */
  overdue(nowNs: number): { readonly connection: number; readonly fault: ConnectionFault }[] {
    const fault = unansweredWithin(this.#timeoutMs);
    return [...this.#underWay]
      .filter(([, { startNs }]) => nowNs - startNs > this.#timeoutMs * 1e6)
      .map(([connection]) => ({ connection, fault }));
  }

  protected add(connection: number, handshake: Handshake): void {
    this.#underWay.set(connection, handshake);
  }

  protected of(connection: number): Handshake {
    const handshake = this.#underWay.get(connection);
    if (handshake === undefined) throw new RangeError(`Connection ${connection} has no handshake under way`);
    return handshake;
  }
}
