/**
 * The WebSocket messages of one direction of a connection, each by when its last byte was there and a sum of what it says
 * with its mask undone: first the head of the opening handshake, then frames (RFC 6455, 5).
 */
import { FrameHeader } from "../websocket/frame-header.js";
import { type Head, HeadReader } from "../websocket/head-reader.js";
import type { Role } from "../websocket/role.js";
import type { ByteReader } from "./byte-stream.js";

interface MessageSink {
  /** @returns whether frames follow it */
  head(head: Head): boolean;
  /** @param sum of its length and its first bytes, a whole number of 32 bits */
  message(sum: number, stampNs: number): void;
}

/** Of a message, so many bytes are looked at: more than there are in a stamped message before its filler. */
const summedBytes = 80;
const longestHeader = 14;
const noMessage = { opcode: null, length: 0 } as const;
/** Continuations are told by nothing else here. */
const openMessage = { opcode: 1, length: 0 } as const;
/** Of FNV-1a in 32 bits. */
const firstSum = 0x811c9dc5;
const factor = 0x01000193;

/** The header read last, by whose it was: one for all connections, which keep of it what they need. */
const headers: Readonly<Record<Role, FrameHeader>> = {
  client: new FrameHeader({ sender: "client", messageBytesMax: Number.MAX_SAFE_INTEGER }),
  server: new FrameHeader({ sender: "server", messageBytesMax: Number.MAX_SAFE_INTEGER }),
};

export class MessageReader implements ByteReader {
  readonly #sink: MessageSink;
  readonly #header: FrameHeader;
  #head: HeadReader | null = new HeadReader();
  /** A header's first bytes, where the rest is still to come; null before the first that came so. */
  #kept: Buffer | null = null;
  #keptBytes = 0;
  /** Bytes of the frame that are still to come. */
  #left = 0;
  #isInFrame = false;
  #isControl = false;
  #isFinal = true;
  #mask = 0;
  /** Place in the frame's payload, for the mask. */
  #place = 0;
  #sum = firstSum;
  #messageBytes = 0;
  #isOpen = false;
  #isStopped = false;

  /** @param sender whose messages they are */
  constructor(sender: Role, sink: MessageSink) {
    this.#sink = sink;
    this.#header = headers[sender];
  }

  /** Whether the bytes were no handshake and frames, so that nothing more is read. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  read(buffer: Buffer, start: number, end: number, stampNs: number): void {
    let at = this.#head === null ? start : this.#readHead(this.#head, buffer, start, end);
    while (at < end && !this.#isStopped) {
      at = this.#isInFrame
        ? this.#readPayload(buffer, at, end, stampNs)
        : this.#readHeader(buffer, at, end, stampNs);
    }
  }

  #readHead(reader: HeadReader, buffer: Buffer, start: number, end: number): number {
    const reading = reader.read(buffer, start, end);
    if (reading.kind === "incomplete") return end;
    this.#head = null;
    if (reading.kind === "head" && this.#sink.head(reading.head)) return reading.bodyAt;
    this.#isStopped = true;
    return end;
  }

  /** @returns where what follows begins */
  #readHeader(buffer: Buffer, start: number, end: number, stampNs: number): number {
    const before = this.#keptBytes;
    const rules = this.#isOpen ? openMessage : noMessage;
    const reading =
      before === 0
        ? this.#header.read(buffer, start, end, rules)
        : this.#header.read(this.#keep(buffer, start, end), 0, this.#keptBytes, rules);
    if (reading === "incomplete") {
      if (before === 0) this.#keep(buffer, start, end);
      return end;
    }
    this.#keptBytes = 0;
    if (reading !== "complete") {
      this.#isStopped = true;
      return end;
    }
    this.#isInFrame = true;
    this.#isControl = this.#header.isControl;
    this.#isFinal = this.#header.isFinal;
    this.#mask = this.#header.mask;
    this.#left = this.#header.payloadLength;
    this.#place = 0;
    if (this.#left === 0) this.#endFrame(stampNs);
    return start + this.#header.length - before;
  }

  /** @returns what is kept, `#keptBytes` long */
  #keep(buffer: Buffer, start: number, end: number): Buffer {
    this.#kept ??= Buffer.alloc(longestHeader);
    this.#keptBytes += buffer.copy(this.#kept, this.#keptBytes, start, end);
    return this.#kept;
  }

  #readPayload(buffer: Buffer, start: number, end: number, stampNs: number): number {
    const stop = Math.min(end, start + this.#left);
    if (!this.#isControl) this.#addToSum(buffer, start, stop);
    this.#left -= stop - start;
    this.#place += stop - start;
    if (this.#left === 0) this.#endFrame(stampNs);
    return stop;
  }

  #addToSum(buffer: Buffer, start: number, stop: number): void {
    const mask = this.#mask;
    const summed = Math.min(stop, start + Math.max(0, summedBytes - this.#messageBytes));
    let sum = this.#sum;
    for (let at = start, place = this.#place; at < summed; at++, place++) {
      const byte = ((buffer[at] as number) ^ (mask >>> ((place & 3) * 8))) & 0xff;
      sum = Math.imul(sum ^ byte, factor);
    }
    this.#sum = sum;
    this.#messageBytes += stop - start;
  }

  #endFrame(stampNs: number): void {
    this.#isInFrame = false;
    if (this.#isControl) return;
    this.#isOpen = !this.#isFinal;
    if (this.#isOpen) return;
    const sum = Math.imul(this.#sum ^ this.#messageBytes, factor);
    this.#sum = firstSum;
    this.#messageBytes = 0;
    this.#sink.message(sum, stampNs);
  }
}
