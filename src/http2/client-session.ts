/**
 * The client's end of one HTTP/2 connection (RFC 9113): streams, windows, pings. It knows nothing of sockets, nor of what
 * its streams carry.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { statusOf } from "./connect-answer.js";
import { emptyTable } from "./encode-headers.js";
import { FrameReader } from "./frame-reader.js";
import { type ConnectionError, type ErrorName, protocolError, streamIdMost } from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import { PeerSettings } from "./peer-settings.js";
import { connectionWindow, streamWindow } from "./receive-windows.js";
import type { SessionEvents } from "./session-events.js";
import { newStream, type Stream } from "./stream.js";
import { StreamSender } from "./stream-sender.js";
import { goaway, headersFrames, pingAck, rstStream, settingsAck, windowUpdate } from "./write-frames.js";

export class ClientSession {
  readonly peer = new PeerSettings();
  readonly #connection: number;
  readonly #outlet: Outlet;
  readonly #events: SessionEvents;
  readonly #reader: FrameReader;
  readonly #sender: StreamSender;
  readonly #streams = new Map<number, Stream>();
  #nextId = 1;
  #received = 0;
  #isSettled = false;
  #isDraining = false;
  #isOver = false;
  #emptiesTable = true;

  /** @param connection what the outlet knows it by */
  constructor(connection: number, outlet: Outlet, events: SessionEvents) {
    this.#connection = connection;
    this.#outlet = outlet;
    this.#events = events;
    this.#sender = new StreamSender(connection, outlet);
    this.#reader = new FrameReader({
      data: (id, isLast, flow, bytes, start, end) => this.#onData(id, isLast, flow, bytes, start, end),
      headers: (id, isLast, fields) => this.#onHeaders(id, isLast, fields),
      reset: (id, code) => this.#onReset(id, code),
      settings: (bytes, start, end) => this.#onSettings(bytes, start, end),
      ping: (opaque) => this.#send(pingAck(opaque)),
      goaway: (last, code) => this.#onGoaway(last, code),
      windowUpdate: (id, bytes) => this.#onWindowUpdate(id, bytes),
      broken: (error) => {
        this.#send(goaway(0, error.name));
        events.broken(error);
      },
    });
  }

  /** Whether a request may be made, as far as the peer's limit is not in the way. */
  get takesRequests(): boolean {
    return this.#isSettled && !this.#isDraining && !this.#isOver && this.#nextId <= streamIdMost;
  }

  /** Those that count for the peer's limit. */
  get streams(): ReadonlyMap<number, Stream> {
    return this.#streams;
  }

  /** Takes the bytes [start, end). Not to be called from an event. */
  read(bytes: Buffer, start: number, end: number): void {
    this.#reader.read(bytes, start, end);
  }

  /** @param block of `encodeHeaders` */
  request(owner: number, block: Buffer): Stream {
    const stream = newStream(this.#nextId, owner, this.peer.initialWindowSize);
    this.#nextId += 2;
    this.#streams.set(stream.id, stream);
    const whole = this.#emptiesTable ? Buffer.concat([emptyTable, block]) : block;
    this.#emptiesTable = false;
    this.#send(headersFrames(stream.id, whole));
    return stream;
  }

  /** As `StreamSender.begin`; `endData` follows where it is not -1. */
  beginData(stream: Stream, length: number): number {
    return this.#sender.begin(stream, length);
  }

  endData(payloadEnd: number): void {
    this.#sender.end(payloadEnd);
  }

  queueData(stream: Stream, bytes: Buffer): void {
    this.#sender.queue(stream, bytes);
  }

  /** Its owner is done with it: ends our side in order or, where something of it is still to come or to go, resets it. */
  finish(stream: Stream): void {
    if (this.#isDone(stream)) return;
    if (stream.pending !== null || !stream.isAnswered) {
      this.reset(stream, "CANCEL");
      return;
    }
    stream.isFinished = true;
    this.#sender.endStream(stream);
    if (stream.isEnded) this.#remove(stream);
  }

  reset(stream: Stream, error: ErrorName): void {
    if (this.#isDone(stream)) return;
    this.#send(rstStream(stream.id, error));
    this.#remove(stream);
  }

  /** Tells the peer that the connection is about to end, and is done with it. */
  end(): void {
    this.#send(goaway(0, "NO_ERROR"));
    this.stop();
  }

  /** Nothing is read or sent any more; the streams stay to be looked at. */
  stop(): void {
    this.#isOver = true;
    this.#reader.stop();
  }

  #isDone(stream: Stream): boolean {
    return this.#isOver || stream.isFinished || this.#streams.get(stream.id) !== stream;
  }

  #remove(stream: Stream): void {
    stream.isFinished = true;
    this.#sender.forget(stream);
    if (this.#streams.delete(stream.id)) this.#events.vacated();
  }

  #send(frames: Buffer): null {
    if (this.#isOver) return null;
    const at = this.#outlet.begin(this.#connection, frames.length);
    this.#outlet.end(this.#connection, at + frames.copy(this.#outlet.bytes, at));
    return null;
  }

  /** The hot path. */
  #onData(
    id: number,
    isLast: boolean,
    flow: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): ConnectionError | null {
    this.#received += flow;
    if (this.#received > connectionWindow) return windowExceeded;
    if (this.#received > connectionWindow / 2) {
      this.#send(windowUpdate(0, this.#received));
      this.#received = 0;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    if (!stream.isAnswered) return protocolError("DATA before an answer");
    if (stream.isEnded) return { name: "STREAM_CLOSED", detail: "DATA behind the end of a stream" };
    stream.received += flow;
    if (stream.received > streamWindow) return windowExceeded;
    if (stream.received > streamWindow / 2 && !isLast) {
      this.#send(windowUpdate(id, stream.received));
      stream.received = 0;
    }
    if (!stream.isFinished && end > start) this.#events.data(stream, bytes, start, end);
    if (isLast) this.#onEnd(stream);
    return null;
  }

  #onHeaders(id: number, isLast: boolean, fields: readonly HeaderField[]): ConnectionError | null {
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    if (stream.isEnded) return { name: "STREAM_CLOSED", detail: "HEADERS behind the end of a stream" };
    const isInterim = !stream.isAnswered && /^1\d\d$/.test(statusOf(fields));
    if (isInterim && isLast) return protocolError("an interim answer that ends its stream");
    if (isInterim) return null;
    if (!stream.isAnswered) {
      stream.isAnswered = true;
      if (!stream.isFinished) this.#events.answered(stream, fields);
    }
    if (isLast) this.#onEnd(stream);
    return null;
  }

  #onEnd(stream: Stream): void {
    // What it was told before may have ended it.
    if (this.#isOver || this.#streams.get(stream.id) !== stream) return;
    stream.isEnded = true;
    if (stream.isFinished) this.#remove(stream);
    else this.#events.ended(stream);
  }

  #onReset(id: number, code: number): ConnectionError | null {
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    const isOurs = stream.isFinished;
    stream.isFinished = true;
    if (!isOurs) this.#events.reset(stream, code);
    this.#remove(stream);
    return null;
  }

  #onSettings(bytes: Buffer, start: number, end: number): ConnectionError | null {
    const before = this.peer.initialWindowSize;
    const error = this.peer.read(bytes, start, end);
    if (error !== null) return error;
    this.#send(settingsAck());
    this.#emptiesTable ||= this.peer.hasTableSize;
    const more = this.peer.initialWindowSize - before;
    for (const stream of more === 0 ? [] : this.#streams.values()) {
      const overflow = this.#sender.widenStream(stream, more);
      if (overflow !== null) return overflow;
    }
    if (!this.#isSettled) {
      this.#isSettled = true;
      this.#events.settled();
    }
    return null;
  }

  #onGoaway(last: number, code: number): null {
    this.#isDraining = true;
    const unseen = [...this.#streams.values()].filter(({ id }) => id > last);
    for (const stream of unseen) {
      stream.isFinished = true;
      this.#sender.forget(stream);
      this.#streams.delete(stream.id);
    }
    this.#events.goaway(code, unseen);
    this.#events.vacated();
    return null;
  }

  #onWindowUpdate(id: number, bytes: number): ConnectionError | null {
    if (bytes === 0) return protocolError("WINDOW_UPDATE of 0 bytes");
    if (id === 0) return this.#sender.widen(bytes);
    const stream = this.#streams.get(id);
    return stream === undefined ? this.#unknown(id) : this.#sender.widenStream(stream, bytes);
  }

  /** One that is over may still be spoken of; one that never was may not (RFC 9113, 5.1). */
  #unknown(id: number): ConnectionError | null {
    return id < this.#nextId && id % 2 === 1 ? null : protocolError(`stream ${id}, which is idle`);
  }
}

const windowExceeded: ConnectionError = {
  name: "FLOW_CONTROL_ERROR",
  detail: "more DATA than the window allows",
};
