/**
 * Turns on Node's own loop: a connection on which very much came at once waits for the next one, and when several had as much, all
 * wait, so that servers that send without end keep neither the other connections nor the clock waiting.
 */
import type { WebSocket } from "ws";

/** Messages and control frames of a connection in one turn; a load that is answered as it is sent never has as many. */
const framesATurn = 1000;
/**
 * Connections that may have as many in one turn. Each goes on to the end of what was read of it, up to 32,000 frames of two
 * bytes, which ws takes some 50 ms for.
 */
const fullATurn = 4;

export class FairTurns {
  readonly #everybody: () => Iterable<WebSocket>;
  readonly #had = new Map<WebSocket, number>();
  /** Who had as many as may be, and waits. */
  readonly #full = new Set<WebSocket>();
  #fullNow = 0;
  #endsByItself = true;

  /** @param everybody all that share the loop */
  constructor(everybody: () => Iterable<WebSocket>) {
    this.#everybody = everybody;
  }

  /** A message, a ping or a pong came. */
  took(socket: WebSocket): void {
    if (this.#endsByItself) this.#endTurn();
    const had = (this.#had.get(socket) ?? 0) + 1;
    this.#had.set(socket, had);
    if (had !== framesATurn) return;
    this.#full.add(socket);
    socket.pause();
    if (++this.#fullNow === fullATurn) for (const other of this.#everybody()) other.pause();
  }

  #endTurn(): void {
    this.#endsByItself = false;
    setImmediate(() => this.#next());
  }

  #next(): void {
    const isCut = this.#fullNow >= fullATurn;
    this.#endsByItself = true;
    this.#had.clear();
    this.#fullNow = 0;
    if (isCut) {
      // First comes who had nothing yet. That may be nobody, so this turn is ended from here.
      for (const socket of this.#everybody()) if (!this.#full.has(socket)) socket.resume();
      this.#endTurn();
      return;
    }
    for (const socket of this.#full) socket.resume();
    this.#full.clear();
  }
}
