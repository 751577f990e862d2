/**
 * Writes frames into one buffer that is used again and again: the client's masked, the server's plain
 * (RFC 6455, 5.1). Nothing is allocated for a frame, so the parts are arguments and not an object.
 */
import { MaskSource } from "./mask-source.js";
import { Masker } from "./masker.js";
import type { Opcode } from "./opcode.js";
import type { Role } from "./role.js";

/** Up to here a byte loop that copies and masks at once beats copying first (a call of 80 ns). */
const byteLoopBytes = 48;

/** Bytes of a frame with this payload, in bytes, as the sender's role has it: a header of 2 to 14 and the payload. */
export function frameLength(role: Role, payloadLength: number): number {
  const extended = payloadLength <= 125 ? 0 : payloadLength <= 0xffff ? 2 : 8;
  return (role === "client" ? 6 : 2) + extended + payloadLength;
}

export class FrameEncoder {
  readonly #target: Buffer;
  readonly #isMasked: boolean;
  readonly #masks = new MaskSource();
  readonly #masker = new Masker();

  /** @param target where every frame of this encoder goes */
  constructor(role: Role, target: Buffer) {
    this.#target = target;
    this.#isMasked = role === "client";
  }

  /**
   * Writes one unfragmented frame whose payload is the bytes [start, end) of `payload`, a buffer apart from the
   * target. The caller has made room for `frameLength` bytes from `offset` on.
   * @returns the offset behind the frame
   */
  write(offset: number, opcode: Opcode, payload: Buffer, start = 0, end = payload.length): number {
    const length = end - start;
    return this.#isMasked
      ? this.#writeMasked(this.#writeHeader(offset, opcode, length, 0x80), payload, start, length)
      : this.#writePlain(this.#writeHeader(offset, opcode, length, 0), payload, start, length);
  }

  /** Writes all but the mask. @returns the offset behind it */
  #writeHeader(offset: number, opcode: Opcode, length: number, maskBit: number): number {
    const target = this.#target;
    target[offset] = 0x80 | opcode;
    if (length <= 125) {
      target[offset + 1] = maskBit | length;
      return offset + 2;
    }
    if (length <= 0xffff) {
      target[offset + 1] = maskBit | 126;
      target[offset + 2] = length >>> 8;
      target[offset + 3] = length;
      return offset + 4;
    }
    target[offset + 1] = maskBit | 127;
    target.writeUInt32BE(Math.floor(length / 2 ** 32), offset + 2);
    target.writeUInt32BE(length % 2 ** 32, offset + 6);
    return offset + 10;
  }

  #writeMasked(offset: number, payload: Buffer, start: number, length: number): number {
    const target = this.#target;
    const mask = this.#masks.next();
    target[offset] = mask;
    target[offset + 1] = mask >>> 8;
    target[offset + 2] = mask >>> 16;
    target[offset + 3] = mask >>> 24;
    const from = offset + 4;
    if (length > byteLoopBytes) {
      payload.copy(target, from, start, start + length);
      this.#masker.apply(target, from, from + length, mask);
    } else {
      for (let i = 0, shift = 0; i < length; i++, shift += 8) {
        target[from + i] = (payload[start + i] as number) ^ (mask >>> (shift & 24));
      }
    }
    return from + length;
  }

  #writePlain(offset: number, payload: Buffer, start: number, length: number): number {
    const target = this.#target;
    if (length > byteLoopBytes) payload.copy(target, offset, start, start + length);
    else for (let i = 0; i < length; i++) target[offset + i] = payload[start + i] as number;
    return offset + length;
  }
}
