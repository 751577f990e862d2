/**
 * Reads the header of a frame, 2 to 14 bytes (RFC 6455, 5.2), and holds it to every rule that it can break by itself
 * or by its place in the message. Faults are found in the order of the bytes: the first two decide as soon as they
 * are there.
 */
import { type FrameFault, frameFaults } from "./frame-fault.js";
import { controlPayloadBytesMax, type Opcode, opcodes } from "./opcode.js";
import type { Role } from "./role.js";

export type HeaderReading = "complete" | "incomplete" | FrameFault;

export interface HeaderRules {
  /** Whose frames are read: a client's are masked. */
  readonly sender: Role;
  readonly messageBytesMax: number;
}

/** The message that frames are being collected for; length 0 and null when there is none. */
export interface OpenMessage {
  readonly opcode: Opcode | null;
  readonly length: number;
}

/** The header read last, one object for a whole thread, so that nothing is allocated for a frame. */
export class FrameHeader {
  opcode: Opcode = opcodes.text;
  isFinal = true;
  /** Bytes of the header itself. */
  length = 0;
  payloadLength = 0;
  /** 0, which changes nothing, where frames are not masked. */
  mask = 0;
  readonly #isMasked: boolean;
  readonly #messageBytesMax: number;

  constructor({ sender, messageBytesMax }: HeaderRules) {
    this.#isMasked = sender === "client";
    this.#messageBytesMax = messageBytesMax;
  }

  get isControl(): boolean {
    return this.opcode >= opcodes.close;
  }

  /** Reads from `start` on; the fields hold when it returns "complete". */
  read(buffer: Buffer, start: number, end: number, message: OpenMessage): HeaderReading {
    if (end - start < 2) return "incomplete";
    const fault = this.#readFirstTwo(buffer, start, message);
    if (fault !== null) return fault;
    const short = (buffer[start + 1] as number) & 0x7f;
    const lengthEnd = start + (short === 127 ? 10 : short === 126 ? 4 : 2);
    if (lengthEnd > end) return "incomplete";
    const lengthFault = this.#readLength(buffer, start, short, message);
    if (lengthFault !== null) return lengthFault;
    this.length = lengthEnd - start;
    if (!this.#isMasked) return "complete";
    this.length += 4;
    if (lengthEnd + 4 > end) return "incomplete";
    this.mask = buffer.readUInt32LE(lengthEnd);
    return "complete";
  }

  #readFirstTwo(buffer: Buffer, start: number, message: OpenMessage): FrameFault | null {
    const first = buffer[start] as number;
    const second = buffer[start + 1] as number;
    if ((first & 0x70) !== 0) return frameFaults.reservedBits;
    const opcode = first & 0x0f;
    if (!isOpcode(opcode)) return frameFaults.reservedOpcode;
    this.opcode = opcode;
    this.isFinal = (first & 0x80) !== 0;
    if (opcode >= opcodes.close) {
      if (!this.isFinal) return frameFaults.controlFragmented;
      if ((second & 0x7f) > controlPayloadBytesMax) return frameFaults.controlTooLong;
      if (opcode === opcodes.close && (second & 0x7f) === 1) return frameFaults.closePayloadOfOneByte;
    } else if (opcode === opcodes.continuation) {
      if (message.opcode === null) return frameFaults.continuationWithoutStart;
    } else if (message.opcode !== null) {
      return frameFaults.messageInsideMessage;
    }
    const hasMask = (second & 0x80) !== 0;
    if (hasMask === this.#isMasked) return null;
    return hasMask ? frameFaults.maskUnexpected : frameFaults.maskMissing;
  }

  #readLength(buffer: Buffer, start: number, short: number, message: OpenMessage): FrameFault | null {
    let length = short;
    if (short === 126) {
      length = buffer.readUInt16BE(start + 2);
      if (length <= 125) return frameFaults.lengthNotMinimal;
    } else if (short === 127) {
      const high = buffer.readUInt32BE(start + 2);
      if (high >= 2 ** 31) return frameFaults.lengthTopBit;
      // Past 2⁵³ this rounds, which no limit can tell.
      length = high * 2 ** 32 + buffer.readUInt32BE(start + 6);
      if (length <= 0xffff) return frameFaults.lengthNotMinimal;
    }
    this.payloadLength = length;
    if (this.isControl) return null;
    return message.length + length > this.#messageBytesMax ? frameFaults.messageTooLong : null;
  }
}

function isOpcode(value: number): value is Opcode {
  return value <= opcodes.binary || (value >= opcodes.close && value <= opcodes.pong);
}
