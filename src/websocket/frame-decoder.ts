/**
 * Turns reads into messages. One decoder serves all connections of a thread that play the same part; a connection is
 * a small whole number and costs nothing here while its reads end where frames end.
 *
 * One small whole frame in a read, the case that is measured, takes a straight path without allocation; everything
 * else goes frame by frame through the general one.
 */
import assert from "node:assert/strict";
import { parseClosePayload } from "./close-payload.js";
import { type FrameFault, frameFaults } from "./frame-fault.js";
import { FrameHeader, type HeaderReading, type HeaderRules, type OpenMessage } from "./frame-header.js";
import type { FrameSink } from "./frame-sink.js";
import { isUtf8Range } from "./is-utf8-range.js";
import { Masker } from "./masker.js";
import { opcodes } from "./opcode.js";
import { UnfinishedInput } from "./unfinished-input.js";

export interface FrameDecoderOptions extends HeaderRules {
  /** "skip" where the messages' bytes are compared with known ones, which proves as much. */
  readonly textCheck: "utf8" | "skip";
  readonly sink: FrameSink;
}

const textFrame = 0x80 | opcodes.text;
const binaryFrame = 0x80 | opcodes.binary;

const noMessage: OpenMessage = { opcode: null, length: 0 };

/** At 64 KiB each, a mebibyte. */
const sparesMax = 16;

/** Values of `#reading` that are no connection. */
const idle = -1;
const forgotten = -2;
/** In place of an offset: nothing more of this connection is read. */
const stopped = -1;

export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #header: FrameHeader;
  readonly #masker = new Masker();
  readonly #checksText: boolean;
  readonly #maskBit: number;
  readonly #smallHeaderLength: number;
  readonly #smallPayloadMax: number;
  /** By connection. Undefined: between frames; null: a close frame or a fault has ended its frames. */
  readonly #unfinished: (UnfinishedInput | null | undefined)[] = [];
  /** Put aside for the next use: to make one costs a microsecond. */
  readonly #spares: UnfinishedInput[] = [];
  #reading = idle;
  #fault: FrameFault | null = null;

  constructor({ sender, messageBytesMax, textCheck, sink }: FrameDecoderOptions) {
    this.#sink = sink;
    this.#header = new FrameHeader({ sender, messageBytesMax });
    this.#checksText = textCheck === "utf8";
    this.#maskBit = sender === "client" ? 0x80 : 0;
    this.#smallHeaderLength = sender === "client" ? 6 : 2;
    this.#smallPayloadMax = Math.min(125, messageBytesMax);
  }

  /**
   * Reads the bytes [start, end) that came on a connection, unmasking them where they lie. Not to be called from the
   * sink.
   * @returns what broke the protocol: its close code is to be sent and the connection ended. Nothing after a fault
   *   or a close frame is read any more (RFC 6455, 5.5.1 and 7.1.7)
   */
  read(connection: number, buffer: Buffer, start: number, end: number): FrameFault | null {
    assert(this.#reading === idle, "a frame decoder was called from its own sink");
    // A hole at the array's end would turn it into a slow dictionary.
    while (this.#unfinished.length <= connection) this.#unfinished.push(undefined);
    this.#reading = connection;
    this.#fault = null;
    let at = start;
    if (this.#unfinished[connection] === undefined) at = this.#readSmall(connection, buffer, start, end);
    if (at !== stopped && at !== end) this.#readRest(connection, buffer, at, end);
    this.#reading = idle;
    return this.#fault;
  }

  /** Drops what is kept for a connection that is over. Called from the sink, it also leaves the rest unread. */
  forget(connection: number): void {
    if (connection < this.#unfinished.length) this.#unfinished[connection] = undefined;
    if (this.#reading === connection) this.#reading = forgotten;
  }

  /** Reads whole small unfragmented messages. @returns where something else begins, or `stopped` */
  #readSmall(connection: number, buffer: Buffer, start: number, end: number): number {
    let at = start;
    while (end - at >= this.#smallHeaderLength) {
      const first = buffer[at] as number;
      if (first !== textFrame && first !== binaryFrame) return at;
      // With the wrong mask bit this comes out above 125.
      const length = (buffer[at + 1] as number) ^ this.#maskBit;
      const from = at + this.#smallHeaderLength;
      const to = from + length;
      if (length > this.#smallPayloadMax || to > end) return at;
      if (this.#maskBit !== 0) this.#masker.apply(buffer, from, to, buffer.readUInt32LE(from - 4));
      at = this.#deliver(connection, buffer, from, to, first === binaryFrame);
      if (at === stopped) return stopped;
    }
    return at;
  }

  /** The general path, frame by frame. */
  #readRest(connection: number, buffer: Buffer, start: number, end: number): void {
    let at = start;
    while (at !== stopped && at < end) at = this.#readOn(connection, buffer, at, end);
    const left = this.#unfinished[connection];
    if (!left?.isEmpty) return;
    this.#unfinished[connection] = undefined;
    if (this.#spares.length < sparesMax) {
      left.trim();
      this.#spares.push(left);
    }
  }

  /** Takes one step: the rest of a frame that has begun, or the next one. @returns where to go on, or `stopped` */
  #readOn(connection: number, buffer: Buffer, start: number, end: number): number {
    const unfinished = this.#unfinished[connection];
    if (unfinished === null) return stopped;
    if (unfinished !== undefined && unfinished.frameLeft > 0) {
      return this.#fill(connection, unfinished, buffer, start, end);
    }
    if (unfinished !== undefined && unfinished.headLength > 0) {
      return this.#readFromHead(connection, unfinished, buffer, start, end);
    }
    const reading = this.#header.read(buffer, start, end, unfinished ?? noMessage);
    if (isFault(reading)) return this.#fail(connection, reading);
    const { length, payloadLength, isControl } = this.#header;
    const from = start + length;
    if (reading === "incomplete" || (isControl && from + payloadLength > end)) {
      return start + this.#unfinishedOf(connection).keepHead(buffer, start, end);
    }
    if (isControl) return this.#deliverControl(connection, buffer, from, from + payloadLength);
    return this.#readData(connection, buffer, from, end);
  }

  /** A header or a control frame began in an earlier read: goes on in the copy until it is whole. */
  #readFromHead(
    connection: number,
    unfinished: UnfinishedInput,
    buffer: Buffer,
    start: number,
    end: number,
  ): number {
    const { head, headLength } = unfinished;
    const taken = unfinished.keepHead(buffer, start, end);
    const reading = this.#header.read(head, 0, unfinished.headLength, unfinished);
    if (isFault(reading)) return this.#fail(connection, reading);
    const { length, payloadLength, isControl } = this.#header;
    const wanted = isControl ? length + payloadLength : length;
    if (reading === "incomplete" || wanted > unfinished.headLength) return start + taken;
    unfinished.headLength = 0;
    const from = start + wanted - headLength;
    if (!isControl) return this.#readData(connection, buffer, from, end);
    return this.#deliverControl(connection, head, length, wanted) === stopped ? stopped : from;
  }

  /** The payload of the data frame whose header was just read begins at `from`, and may not all be there. */
  #readData(connection: number, buffer: Buffer, from: number, end: number): number {
    const header = this.#header;
    const to = from + header.payloadLength;
    const isWholeMessage = header.isFinal && header.opcode !== opcodes.continuation;
    if (isWholeMessage && to <= end) {
      if (header.mask !== 0) this.#masker.apply(buffer, from, to, header.mask);
      return this.#deliver(connection, buffer, from, to, header.opcode === opcodes.binary);
    }
    const unfinished = this.#unfinishedOf(connection);
    unfinished.beginFrame(header);
    return this.#fill(connection, unfinished, buffer, from, end);
  }

  #fill(connection: number, unfinished: UnfinishedInput, buffer: Buffer, start: number, end: number): number {
    const next = unfinished.fill(buffer, start, end, this.#masker);
    if (unfinished.frameLeft > 0 || !unfinished.isFinal) return next;
    const { bytes, length, opcode } = unfinished;
    unfinished.endMessage();
    return this.#deliver(connection, bytes, 0, length, opcode === opcodes.binary) === stopped
      ? stopped
      : next;
  }

  /** @returns `end`, or `stopped` */
  #deliver(connection: number, buffer: Buffer, start: number, end: number, isBinary: boolean): number {
    if (!isBinary && this.#checksText && !isUtf8Range(buffer, start, end)) {
      return this.#fail(connection, frameFaults.textNotUtf8);
    }
    this.#sink.message(connection, buffer, start, end, isBinary);
    return this.#reading === connection ? end : stopped;
  }

  /** @returns `end`, or `stopped` */
  #deliverControl(connection: number, buffer: Buffer, start: number, end: number): number {
    const { opcode, mask } = this.#header;
    if (mask !== 0) this.#masker.apply(buffer, start, end, mask);
    if (opcode === opcodes.close) return this.#deliverClose(connection, buffer, start, end);
    if (opcode === opcodes.ping) this.#sink.ping(connection, buffer, start, end);
    else this.#sink.pong(connection, buffer, start, end);
    return this.#reading === connection ? end : stopped;
  }

  #deliverClose(connection: number, buffer: Buffer, start: number, end: number): typeof stopped {
    const close = parseClosePayload(buffer, start, end);
    if (close.kind === "fault") return this.#fail(connection, close.fault);
    this.#unfinished[connection] = null;
    this.#sink.close(connection, close.code, close.reason);
    return stopped;
  }

  #fail(connection: number, fault: FrameFault): typeof stopped {
    this.#unfinished[connection] = null;
    this.#fault = fault;
    return stopped;
  }

  #unfinishedOf(connection: number): UnfinishedInput {
    let unfinished = this.#unfinished[connection];
    if (!unfinished) {
      unfinished = this.#spares.pop() ?? new UnfinishedInput();
      this.#unfinished[connection] = unfinished;
    }
    return unfinished;
  }
}

function isFault(reading: HeaderReading): reading is FrameFault {
  return typeof reading === "object";
}
