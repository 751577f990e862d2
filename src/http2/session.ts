/**
 * What both ends of an HTTP/2 connection do alike (RFC 9113): streams, windows, pings. It knows nothing of sockets, nor of
 * what its streams carry.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { ControlSender } from "./control-sender.js";
import { FrameReader } from "./frame-reader.js";
import { type ConnectionError, type ErrorName, protocolError, type Verdict } from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import { PeerSettings } from "./peer-settings.js";
import { waitingBytesMost } from "./receive-windows.js";
import type { SessionEvents } from "./session-events.js";
import type { Stream } from "./stream.js";
import { StreamSender } from "./stream-sender.js";
import { WindowKeeper } from "./window-keeper.js";
import { goaway, pingAck, rstStream, settingsAck } from "./write-frames.js";

export abstract class Session {
  readonly peer: PeerSettings;
  protected readonly open = new Map<number, Stream>();
  protected isSettled = false;
  /** The peer knows our SETTINGS. */
  protected isAcknowledged = false;
  protected isDraining = false;
  protected isOver = false;
  readonly #control: ControlSender;
  readonly #events: SessionEvents;
  readonly #reader: FrameReader;
  readonly #sender: StreamSender;
  readonly #windows: WindowKeeper;

  /**
   * @param connection what the outlet knows it by
   * @param role whose end this is
   */
  protected constructor(
    connection: number,
    role: "client" | "server",
    { outlet, events }: { readonly outlet: Outlet; readonly events: SessionEvents },
  ) {
    this.#control = new ControlSender(connection, outlet);
    this.#events = events;
    this.peer = new PeerSettings(role === "client" ? "server" : "client");
    this.#sender = new StreamSender(connection, outlet, (stream) => events.drained?.(stream));
    this.#windows = new WindowKeeper(
      (frame) => void this.send(frame),
      () => this.#sender.waitingBytes > waitingBytesMost[role],
    );
    this.#reader = new FrameReader({
      data: (id, isLast, flow, bytes, start, end) => this.#onData(id, isLast, flow, bytes, start, end),
      headers: (id, isLast, fields) => this.onHeaders(id, isLast, fields),
      reset: (id, code) => this.#onReset(id, code),
      settings: (bytes, start, end) => this.#onSettings(bytes, start, end),
      acknowledged: () => {
        this.isAcknowledged = true;
      },
      ping: (opaque) => this.#control.acknowledge(pingAck(opaque)),
      goaway: (last, code) => this.#onGoaway(last, code),
      windowUpdate: (id, bytes) => this.#onWindowUpdate(id, bytes),
      broken: (error) => this.break(error),
    });
  }

  /** Those that count for the limit of streams. */
  get streams(): ReadonlyMap<number, Stream> {
    return this.open;
  }

  /** Takes the bytes [start, end). Not to be called from an event. */
  read(bytes: Buffer, start: number, end: number): void {
    this.#reader.read(bytes, start, end);
    this.#windows.giveBackAll();
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

  /** While it is held its window is not given back: the peer may send what the window has, and no more. */
  hold(stream: Stream, isHeld: boolean): void {
    if (stream.isHeld === isHeld) return;
    stream.isHeld = isHeld;
    if (!stream.isEnded) this.#windows.giveBack(stream);
  }

  /** Also one whose own side has ended, and whose peer's has not. */
  reset(stream: Stream, error: ErrorName): void {
    if (this.isOver || this.open.get(stream.id) !== stream) return;
    this.send(rstStream(stream.id, error));
    this.remove(stream);
  }

  /** Tells the peer that the connection is about to end, and is done with it. */
  end(): void {
    this.send(goaway(this.lastSeen(), "NO_ERROR"));
    this.stop();
  }

  /** Nothing is read or sent any more; the streams stay to be looked at. */
  stop(): void {
    this.isOver = true;
    this.#reader.stop();
  }

  protected abstract onHeaders(id: number, isLast: boolean, fields: readonly HeaderField[]): Verdict;

  /** Whether a stream of the number has been, open now or not. */
  protected abstract hasBeen(id: number): boolean;

  /** The last stream of the peer's that was looked at. */
  protected abstract lastSeen(): number;

  /** The peer has broken the protocol. */
  protected break(error: ConnectionError): void {
    this.send(goaway(this.lastSeen(), error.name));
    this.stop();
    this.#events.broken(error);
  }

  protected isDone(stream: Stream): boolean {
    return this.isOver || stream.isFinished || this.open.get(stream.id) !== stream;
  }

  protected remove(stream: Stream): void {
    stream.isFinished = true;
    this.#sender.forget(stream);
    this.#windows.giveBackAll();
    if (this.open.delete(stream.id)) this.#events.vacated(stream);
  }

  protected sendHeaders(stream: Stream, block: Buffer): void {
    if (!this.isOver) this.#control.headers(stream.id, block);
  }

  /** Ends our side in order. */
  protected endOwn(stream: Stream): void {
    stream.isFinished = true;
    this.#sender.endStream(stream);
    if (stream.isEnded) this.remove(stream);
  }

  protected onEnd(stream: Stream): void {
    // What it was told before may have ended it.
    if (this.isOver || this.open.get(stream.id) !== stream) return;
    stream.isEnded = true;
    if (stream.isFinished) this.remove(stream);
    else this.#events.ended(stream);
  }

  /** One that is over may still be spoken of; one that never was may not (RFC 9113, 5.1). */
  protected unknown(id: number): Verdict {
    return this.hasBeen(id) ? null : protocolError(`stream ${id}, which is idle`);
  }

  /** DATA came on a stream that is not open. */
  protected notOpen(id: number): Verdict {
    return this.unknown(id);
  }

  /** RST_STREAM came for an open stream. */
  protected wasReset(_stream: Stream): Verdict {
    return null;
  }

  /** WINDOW_UPDATE made a stream's window too large, which may end the stream, or all (RFC 9113, 6.9.1). */
  protected overflowed(_stream: Stream, error: ConnectionError): Verdict {
    return error;
  }

  /** @param frame no more than an outlet takes at once */
  protected send(frame: Buffer): null {
    if (!this.isOver) this.#control.send(frame);
    return null;
  }

  /** The hot path. */
  #onData(id: number, isLast: boolean, flow: number, bytes: Buffer, start: number, end: number): Verdict {
    const excess = this.#windows.take(flow);
    const stream = this.open.get(id);
    if (excess !== null || stream === undefined) return excess ?? this.notOpen(id);
    if (!stream.isAnswered) return protocolError("DATA before an answer");
    if (stream.isEnded) return { name: "STREAM_CLOSED", detail: "DATA behind the end of a stream" };
    const tooMuch = this.#windows.takeOf(stream, flow);
    if (tooMuch !== null) return tooMuch;
    if (!isLast) this.#windows.giveBack(stream);
    if (!stream.isFinished && end > start) this.#events.data(stream, bytes, start, end);
    if (isLast) this.onEnd(stream);
    return null;
  }

  #onReset(id: number, code: number): Verdict {
    const stream = this.open.get(id);
    if (stream === undefined) return this.unknown(id);
    const verdict = this.wasReset(stream);
    const isOurs = stream.isFinished;
    stream.isFinished = true;
    if (!isOurs) this.#events.reset(stream, code);
    this.remove(stream);
    return verdict;
  }

  #onSettings(bytes: Buffer, start: number, end: number): Verdict {
    const before = this.peer.initialWindowSize;
    const error = this.peer.read(bytes, start, end) ?? this.#control.acknowledge(settingsAck());
    if (error !== null) return error;
    if (this.peer.hasTableSize) this.#control.emptyTable();
    const overflow = this.#sender.widenStreams(this.open.values(), this.peer.initialWindowSize - before);
    if (overflow !== null) return overflow;
    if (!this.isSettled) {
      this.isSettled = true;
      this.#events.settled?.();
    }
    return null;
  }

  #onGoaway(last: number, code: number): null {
    this.isDraining = true;
    const unseen = [...this.open.values()].filter(({ id }) => this.isOurs(id) && id > last);
    for (const stream of unseen) {
      stream.isFinished = true;
      this.#sender.forget(stream);
      this.open.delete(stream.id);
    }
    this.#events.goaway(code, unseen);
    this.#events.vacated(null);
    return null;
  }

  /** Whether streams of the number are begun by this end. */
  protected abstract isOurs(id: number): boolean;

  #onWindowUpdate(id: number, bytes: number): Verdict {
    if (bytes === 0) return protocolError("WINDOW_UPDATE of 0 bytes");
    if (id === 0) return this.#sender.widen(bytes);
    const stream = this.open.get(id);
    if (stream === undefined) return this.unknown(id);
    const overflow = this.#sender.widenStream(stream, bytes);
    return overflow && this.overflowed(stream, overflow);
  }
}
