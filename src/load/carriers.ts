/**
 * The HTTP/2 connections of a thread, and which of its WebSockets goes onto which: each is filled up to the streams
 * asked for, or to fewer where the peer allows no more.
 */
import type { ClientSession } from "../http2/client-session.js";
import type { OpeningTimes } from "./engine.js";

export interface Carrier {
  /** Its number among the sockets of the thread. */
  readonly slot: number;
  readonly session: ClientSession;
  /** -1 while it is being opened, and when it is over. */
  fd: number;
  /** Of its opening, until the first WebSocket on it has taken them. */
  times: OpeningTimes | null;
  /** WebSockets that are to be asked for once the peer's SETTINGS are there. */
  readonly waiting: Set<number>;
  /** The error code that came with GOAWAY; null while none came. */
  goaway: number | null;
  isOver: boolean;
}

export class Carriers {
  /** How many were begun in all. */
  begun = 0;
  readonly #streams: number;
  readonly #free: number[];
  readonly #all = new Set<Carrier>();
  /** What the peer allowed on the last connection that told. */
  #allowed = Number.POSITIVE_INFINITY;

  /**
   * @param slots the most connections that there may be at once
   * @param streams the most WebSockets on one
   */
  constructor(slots: number, streams: number) {
    this.#streams = streams;
    // The lowest is taken first.
    this.#free = Array.from({ length: slots }, (_, index) => slots - 1 - index);
  }

  [Symbol.iterator](): Iterator<Carrier> {
    return this.#all.values();
  }

  get isFull(): boolean {
    return this.#free.length === 0;
  }

  /** One with room for one more WebSocket, the oldest first; null where all are full. */
  withRoom(): Carrier | null {
    for (const carrier of this.#all) if (this.roomOf(carrier) > 0) return carrier;
    return null;
  }

  /** How many more WebSockets it takes. */
  roomOf({ session, waiting, goaway, isOver }: Carrier): number {
    if (goaway !== null || isOver) return 0;
    const most = Math.min(
      this.#streams,
      session.takesRequests ? session.peer.maxConcurrentStreams : this.#allowed,
    );
    return most - session.streams.size - waiting.size;
  }

  /** @param createSession makes the session of the slot */
  begin(createSession: (slot: number) => ClientSession): Carrier {
    const slot = this.#free.pop();
    if (slot === undefined) throw new RangeError("There are more HTTP/2 connections than WebSockets");
    this.begun++;
    const session = createSession(slot);
    const carrier = {
      slot,
      session,
      fd: -1,
      times: null,
      waiting: new Set<number>(),
      goaway: null,
      isOver: false,
    };
    this.#all.add(carrier);
    return carrier;
  }

  /** Its peer has told how many streams it allows. */
  settled({ session }: Carrier): void {
    this.#allowed = Math.max(1, session.peer.maxConcurrentStreams);
  }

  /** One whose WebSockets are all over, though the peer has not ended every stream; null where none is. */
  spent(): Carrier | null {
    for (const carrier of this.#all) {
      const isSpent = carrier.fd >= 0 && carrier.waiting.size === 0;
      if (isSpent && [...carrier.session.streams.values()].every(({ isFinished }) => isFinished))
        return carrier;
    }
    return null;
  }

  /** Its socket is closed. */
  remove(carrier: Carrier): void {
    if (this.#all.delete(carrier)) this.#free.push(carrier.slot);
  }
}
