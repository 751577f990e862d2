/** The server's part of a recorded session on a connection of the `ws` package. */
import { WebSocket } from "ws";
import type { Down, RecordedTraffic } from "../scenario/replay/session.js";
import { openReplay, type ReplayedSession } from "./replayed-session.js";
import type { WsTally } from "./ws-tally.js";

export class WsReplay {
  readonly #websocket: WebSocket;
  readonly #traffic: RecordedTraffic;
  readonly #tally: WsTally;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held: Down[] = [];
  #session: ReplayedSession | null = null;
  /** When the last of what is held falls due, for what one connection is sent keeps its order. */
  #heldUntilMs = 0;

  constructor(websocket: WebSocket, traffic: RecordedTraffic, tally: WsTally) {
    this.#websocket = websocket;
    this.#traffic = traffic;
    this.#tally = tally;
    websocket.on("close", () => {
      for (const timer of this.#timers) clearTimeout(timer);
    });
  }

  /** @returns whether the message belongs to a recorded session */
  takes(message: Buffer): boolean {
    const session = this.#session;
    if (session === null) {
      this.#session = openReplay(this.#traffic, message, 0, message.length);
      return this.#session !== null;
    }
    this.#tally.received(message.length);
    const nowMs = performance.now();
    for (const down of session.next()) {
      this.#heldUntilMs = Math.max(this.#heldUntilMs, nowMs + down.afterMs);
      this.#held.push(down);
      // Rounded to a millisecond, a timer may overtake the one before: each sends whatever is first.
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#sendFirst(session);
      }, this.#heldUntilMs - nowMs);
      this.#timers.add(timer);
    }
    return true;
  }

  #sendFirst(session: ReplayedSession): void {
    const down = this.#held.shift();
    if (down === undefined || this.#websocket.readyState !== WebSocket.OPEN) return;
    this.#tally.sent(down.bytes);
    this.#websocket.send(session.payload(down), { binary: down.isBinary });
  }
}
