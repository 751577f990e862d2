/**
 * Bytes into what a peer's frames say, each held to its form: lengths, padding, which of them go with a stream, whole
 * header blocks (RFC 9113, 4 and 6). What they mean for a stream is the session's.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { FrameSplitter } from "./frame-splitter.js";
import { type ConnectionError, flags, frameTypes, protocolError, type Verdict } from "./frame-types.js";
import { HeaderBlock } from "./header-block.js";
import { HpackDecoder } from "./hpack-decoder.js";

/** What frames say; each tells what is wrong with that, if anything. */
export interface FrameSink {
  /** @param flow bytes that count for the windows: the payload with its padding */
  data(stream: number, isLast: boolean, flow: number, bytes: Buffer, start: number, end: number): Verdict;
  headers(stream: number, isLast: boolean, fields: readonly HeaderField[]): Verdict;
  reset(stream: number, code: number): Verdict;
  /** The payload of a SETTINGS frame that is no ACK. */
  settings(bytes: Buffer, start: number, end: number): Verdict;
  /** Our SETTINGS are held to from now on. */
  acknowledged(): void;
  /** @param opaque a copy of the 8 bytes */
  ping(opaque: Buffer): Verdict;
  goaway(last: number, code: number): Verdict;
  /** @param stream 0 for the connection */
  windowUpdate(stream: number, bytes: number): Verdict;
  /** Nothing is read any more. */
  broken(error: ConnectionError): void;
}

const pingBytes = 8;

export class FrameReader {
  readonly #sink: FrameSink;
  readonly #splitter: FrameSplitter;
  readonly #decoder = new HpackDecoder();
  #block: HeaderBlock | null = null;
  #hasBegun = false;
  #isStopped = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
    this.#splitter = new FrameSplitter({
      frame: (type, flag, stream, bytes, start, end) => {
        const error = this.#take(type, flag, stream, bytes, start, end);
        if (error !== null && !this.#isStopped) this.#break(error);
        return !this.#isStopped;
      },
      tooLarge: (length, head) =>
        this.#break(
          this.#hasBegun || head !== "HTTP/"
            ? { name: "FRAME_SIZE_ERROR", detail: `a frame of ${length} bytes` }
            : { name: "HTTP_1_1_REQUIRED", detail: "an answer in HTTP/1" },
        ),
    });
  }

  /** Takes the bytes [start, end). Not to be called from the sink. */
  read(bytes: Buffer, start: number, end: number): void {
    this.#splitter.read(bytes, start, end);
  }

  /** Nothing is read any more, not even the rest of what is being read. */
  stop(): void {
    this.#isStopped = true;
    this.#splitter.stop();
  }

  #break(error: ConnectionError): void {
    this.stop();
    this.#sink.broken(error);
  }

  #take(type: number, flag: number, stream: number, bytes: Buffer, start: number, end: number): Verdict {
    if (!this.#hasBegun) {
      if (type !== frameTypes.settings || (flag & flags.ack) !== 0)
        return protocolError("the first frame is not SETTINGS");
      this.#hasBegun = true;
    }
    if (this.#block !== null && (type !== frameTypes.continuation || stream !== this.#block.stream))
      return protocolError("a header block is interrupted");
    if (type === frameTypes.data) return this.#onData(flag, stream, bytes, start, end);
    return takesStream[type]?.(stream) === false
      ? protocolError(`a frame of type ${type} for stream ${stream}`)
      : this.#takeRare(type, flag, stream, bytes, start, end);
  }

  #takeRare(type: number, flag: number, stream: number, bytes: Buffer, start: number, end: number): Verdict {
    const length = end - start;
    switch (type) {
      case frameTypes.headers:
        return this.#onHeaders(HeaderBlock.begin(flag, stream, bytes, start, end), flag);
      case frameTypes.continuation:
        if (this.#block === null) return protocolError("CONTINUATION without HEADERS");
        return this.#block.add(bytes, start, end) ?? this.#onHeaders(this.#block, flag);
      case frameTypes.windowUpdate:
        if (length !== 4) return wrongLength("WINDOW_UPDATE", length);
        return this.#sink.windowUpdate(stream, bytes.readUInt32BE(start) & 0x7fffffff);
      case frameTypes.settings:
        if ((flag & flags.ack) === 0) return this.#sink.settings(bytes, start, end);
        if (length !== 0) return wrongLength("an acknowledgement of SETTINGS", length);
        this.#sink.acknowledged();
        return null;
      case frameTypes.rstStream:
        if (length !== 4) return wrongLength("RST_STREAM", length);
        return this.#sink.reset(stream, bytes.readUInt32BE(start));
      case frameTypes.ping:
        if (length !== pingBytes) return wrongLength("PING", length);
        return (flag & flags.ack) === 0 ? this.#sink.ping(Buffer.from(bytes.subarray(start, end))) : null;
      case frameTypes.goaway:
        if (length < 8) return wrongLength("GOAWAY", length);
        return this.#sink.goaway(bytes.readUInt32BE(start) & 0x7fffffff, bytes.readUInt32BE(start + 4));
      case frameTypes.pushPromise:
        return protocolError("PUSH_PROMISE, which was turned off");
      case frameTypes.priority:
        return length === 5 ? null : wrongLength("PRIORITY", length);
      default:
        return null;
    }
  }

  #onData(flag: number, stream: number, bytes: Buffer, start: number, end: number): Verdict {
    if (stream === 0) return protocolError("DATA for stream 0");
    const isLast = (flag & flags.endStream) !== 0;
    if ((flag & flags.padded) === 0) return this.#sink.data(stream, isLast, end - start, bytes, start, end);
    const to = end - (start < end ? (bytes[start] as number) : 0);
    if (start + 1 > to) return protocolError("DATA shorter than its padding");
    return this.#sink.data(stream, isLast, end - start, bytes, start + 1, to);
  }

  #onHeaders(block: HeaderBlock | ConnectionError, flag: number): Verdict {
    if (!(block instanceof HeaderBlock)) return block;
    this.#block = (flag & flags.endHeaders) === 0 ? block : null;
    if (this.#block !== null) return null;
    const fields = this.#decoder.decode(block.whole());
    return fields === null
      ? { name: "COMPRESSION_ERROR", detail: "a header block that cannot be decoded" }
      : this.#sink.headers(block.stream, block.isLast, fields);
  }
}

const onStream = (stream: number): boolean => stream !== 0;
const onConnection = (stream: number): boolean => stream === 0;

/** Whether a frame of the type may name such a stream; absent where it may name any. */
const takesStream: Readonly<Partial<Record<number, (stream: number) => boolean>>> = {
  [frameTypes.headers]: onStream,
  [frameTypes.continuation]: onStream,
  [frameTypes.rstStream]: onStream,
  [frameTypes.priority]: onStream,
  [frameTypes.settings]: onConnection,
  [frameTypes.ping]: onConnection,
  [frameTypes.goaway]: onConnection,
};

function wrongLength(what: string, length: number): ConnectionError {
  return { name: "FRAME_SIZE_ERROR", detail: `${what} of ${length} bytes` };
}
