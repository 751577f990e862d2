/**
 * The server's end of one HTTP/2 connection: it is asked, and answers, WebSockets by RFC 8441 among it.
 */
import { type Clock, monotonicClock } from "../base/clock.js";
import type { HeaderField } from "../websocket/header-fields.js";
import { encodeHeaders } from "./encode-headers.js";
import {
  type ConnectionError,
  type ErrorName,
  errorCodeOf,
  protocolError,
  settingIds,
  type Verdict,
  windowUsual,
} from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import { OwnResets } from "./own-resets.js";
import { connectionWindow, streamWindow } from "./receive-windows.js";
import { ResetMeter } from "./reset-meter.js";
import { Session } from "./session.js";
import type { ServerEvents } from "./session-events.js";
import { newStream, type Stream } from "./stream.js";
import { rstStream, settingsFrame, windowUpdate } from "./write-frames.js";

/** As most servers allow, and RFC 9113 (6.5.2) asks for at least. */
const streamsMost = 100;
/** Of who has not heard of that yet: Envoy begins with all that it has to ask. */
const earlyStreamsMost = 1000;

const prefaceRest = Buffer.from("SM\r\n\r\n", "latin1");

const openingFrames = Buffer.concat([
  settingsFrame([
    [settingIds.maxConcurrentStreams, streamsMost],
    [settingIds.initialWindowSize, streamWindow],
    [settingIds.enableConnectProtocol, 1],
  ]),
  windowUpdate(0, connectionWindow - windowUsual),
]);

export class ServerSession extends Session {
  readonly #events: ServerEvents;
  readonly #clock: Clock;
  readonly #resets: ResetMeter;
  readonly #ownResets = new OwnResets();
  #lastId = 0;
  #prefaceLeft = prefaceRest;

  /**
   * Its SETTINGS are written at once. Of the client's preface the first line and the empty one were read already.
   * @param connection what the outlet knows it by
   */
  constructor(connection: number, outlet: Outlet, events: ServerEvents, clock: Clock = monotonicClock) {
    super(connection, "server", { outlet, events });
    this.#events = events;
    this.#clock = clock;
    this.#resets = new ResetMeter(clock);
    this.send(openingFrames);
  }

  override read(bytes: Buffer, start: number, end: number): void {
    const left = this.#prefaceLeft;
    if (left.length === 0) {
      super.read(bytes, start, end);
      return;
    }
    const here = bytes.subarray(start, Math.min(end, start + left.length));
    this.#prefaceLeft = left.subarray(here.length);
    if (!here.equals(left.subarray(0, here.length)))
      this.break(protocolError("another preface than HTTP/2's"));
    else super.read(bytes, start + here.length, end);
  }

  /** What follows the fields goes as data; `finish` ends it. */
  answer(stream: Stream, fields: readonly HeaderField[]): void {
    if (!this.isDone(stream)) this.sendHeaders(stream, encodeHeaders(fields));
  }

  /** Nothing more is to be said on it, and nothing waits to be sent. */
  finish(stream: Stream): void {
    if (!this.isDone(stream)) this.endOwn(stream);
  }

  /** With CANCEL for a reason of our own; for anything else the client is to blame, and not without end. */
  override reset(stream: Stream, error: ErrorName): void {
    if (this.isOver || this.open.get(stream.id) !== stream) return;
    this.#ownResets.add(stream.id);
    super.reset(stream, error);
    const verdict = error === "CANCEL" ? null : this.#resets.take();
    if (verdict !== null) this.break(verdict);
  }

  protected onHeaders(id: number, isLast: boolean, fields: readonly HeaderField[]): Verdict {
    const known = this.open.get(id);
    if (known !== undefined) return this.#onTrailers(known, isLast);
    if (id % 2 === 0) return protocolError(`a request on stream ${id}, which is even`);
    if (id <= this.#lastId) return this.notOpen(id);
    this.#lastId = id;
    if (this.open.size >= (this.isAcknowledged ? streamsMost : earlyStreamsMost)) return this.#refuse(id);
    const stream = newStream(id, -1, this.peer.initialWindowSize, this.#clock.now());
    stream.isAnswered = true;
    stream.isEnded = isLast;
    this.open.set(id, stream);
    this.#events.requested(stream, fields);
    return null;
  }

  protected hasBeen(id: number): boolean {
    return id <= this.#lastId && id % 2 === 1;
  }

  /** Who has ended a stream himself, or passed it over, sends no more on it (RFC 9113, 5.1 and 5.1.1). */
  protected override notOpen(id: number): Verdict {
    if (!this.hasBeen(id)) return this.unknown(id);
    return this.#ownResets.has(id)
      ? null
      : { name: "STREAM_CLOSED", detail: `DATA or HEADERS on stream ${id}, which is closed` };
  }

  protected override wasReset(stream: Stream): Verdict {
    return this.#resets.takeOf(stream);
  }

  protected override overflowed(stream: Stream, { name }: ConnectionError): null {
    if (!stream.isFinished) this.#events.reset(stream, errorCodeOf(name));
    this.reset(stream, name);
    return null;
  }

  protected lastSeen(): number {
    return this.#lastId;
  }

  /** Nothing is pushed. */
  protected isOurs(): boolean {
    return false;
  }

  #refuse(id: number): Verdict {
    this.#ownResets.add(id);
    return this.#resets.take() ?? this.send(rstStream(id, "REFUSED_STREAM"));
  }

  #onTrailers(stream: Stream, isLast: boolean): Verdict {
    if (stream.isEnded) return { name: "STREAM_CLOSED", detail: "HEADERS behind the end of a stream" };
    if (!isLast) return protocolError("a second request on a stream");
    this.onEnd(stream);
    return null;
  }
}
