/**
 * The client's end of one HTTP/2 connection: it asks, and is answered (RFC 9113, 8.1).
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { statusOf } from "./connect-answer.js";
import { protocolError, streamIdMost, type Verdict } from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import { Session } from "./session.js";
import type { ClientEvents } from "./session-events.js";
import { newStream, type Stream } from "./stream.js";

export class ClientSession extends Session {
  readonly #events: ClientEvents;
  #nextId = 1;

  /** @param connection what the outlet knows it by */
  constructor(connection: number, outlet: Outlet, events: ClientEvents) {
    super(connection, "client", { outlet, events });
    this.#events = events;
  }

  /** Whether a request may be made, as far as the peer's limit is not in the way. */
  get takesRequests(): boolean {
    return this.isSettled && !this.isDraining && !this.isOver && this.#nextId <= streamIdMost;
  }

  /** @param block of `encodeHeaders` */
  request(owner: number, block: Buffer): Stream {
    const stream = newStream(this.#nextId, owner, this.peer.initialWindowSize);
    this.#nextId += 2;
    this.open.set(stream.id, stream);
    this.sendHeaders(stream, block);
    return stream;
  }

  /** Its owner is done with it: ends our side in order or, where something of it is still to come or to go, resets it. */
  finish(stream: Stream): void {
    if (this.isDone(stream)) return;
    if (stream.pending !== null || !stream.isAnswered) this.reset(stream, "CANCEL");
    else this.endOwn(stream);
  }

  protected onHeaders(id: number, isLast: boolean, fields: readonly HeaderField[]): Verdict {
    const stream = this.open.get(id);
    if (stream === undefined) return this.unknown(id);
    if (stream.isEnded) return { name: "STREAM_CLOSED", detail: "HEADERS behind the end of a stream" };
    const isInterim = !stream.isAnswered && /^1\d\d$/.test(statusOf(fields));
    if (isInterim && isLast) return protocolError("an interim answer that ends its stream");
    if (isInterim) return null;
    if (!stream.isAnswered) {
      stream.isAnswered = true;
      if (!stream.isFinished) this.#events.answered(stream, fields);
    }
    if (isLast) this.onEnd(stream);
    return null;
  }

  protected hasBeen(id: number): boolean {
    return id < this.#nextId && id % 2 === 1;
  }

  /** A server may push; it was told not to. */
  protected lastSeen(): number {
    return 0;
  }

  protected isOurs(id: number): boolean {
    return id % 2 === 1;
  }
}
