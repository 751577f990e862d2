/**
 * Turns on Node's own loop: a connection on which very much came at once waits for the next one, so that a server that sends
 * without end keeps neither the other connections nor the clock waiting.
 */
import type { WebSocket } from "ws";

/** Messages and control frames of a connection in one turn; a load that is answered as it is sent never has as many. */
const framesATurn = 1000;

export class FairTurns {
  readonly #had = new Map<WebSocket, number>();

  /** A message, a ping or a pong came. */
  took(socket: WebSocket): void {
    if (this.#had.size === 0) setImmediate(() => this.#next());
    const had = (this.#had.get(socket) ?? 0) + 1;
    this.#had.set(socket, had);
    if (had === framesATurn) socket.pause();
  }

  #next(): void {
    const all = [...this.#had];
    this.#had.clear();
    for (const [socket, had] of all) if (had >= framesATurn) socket.resume();
  }
}
