/**
 * Frames as RFC 6455 (5.2) draws them, written and read here without src/websocket, so that no mistake is made twice.
 */

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** True unless given. */
  readonly fin?: boolean;
  /** RSV1 to RSV3 as a number, RSV1 the highest bit; 0 unless given. */
  readonly rsv?: number;
  /** Bytes that the length is written in (1, 3 or 9 with the first); as few as it needs unless given. */
  readonly lengthBytes?: 1 | 3 | 9;
  /** What the header says, where that is not the payload's length. */
  readonly announced?: bigint;
  /** Its mask, highest byte first; one of its own unless given. */
  readonly mask?: number;
  /** Masked where its side must not, or the other way round. */
  readonly isMaskWrong?: boolean;
}

/** Any word does: no two frames have the same. */
let nextMask = 0x3d21fa37;

/** One frame, masked as a client's is or not. */
export function writeFrame(frame: Frame, masks: boolean): Buffer {
  const isMasked = masks !== (frame.isMaskWrong ?? false);
  const { payload, fin = true, rsv = 0, announced = BigInt(payload.length) } = frame;
  const lengthBytes = frame.lengthBytes ?? (announced <= 125n ? 1 : announced <= 0xffffn ? 3 : 9);
  const header = Buffer.alloc(1 + lengthBytes);
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | frame.opcode;
  const short = lengthBytes === 1 ? Number(announced) : lengthBytes === 3 ? 126 : 127;
  header[1] = (isMasked ? 0x80 : 0) | short;
  if (lengthBytes === 3) header.writeUInt16BE(Number(announced), 2);
  if (lengthBytes === 9) header.writeBigUInt64BE(announced, 2);
  if (!isMasked) return Buffer.concat([header, payload]);
  nextMask = (Math.imul(nextMask, 0x01000193) + 0x9e3779b9) >>> 0;
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(frame.mask ?? nextMask);
  return Buffer.concat([header, mask, masked(payload, mask)]);
}

/** All frames of a list, joined. */
export function writeFrames(frames: readonly Frame[], masks: boolean): Buffer {
  return Buffer.concat(frames.map((frame) => writeFrame(frame, masks)));
}

/**
 * What a peer sent: every frame whole, in the shortest form, its reserved bits clear, masked as its side must.
 * @throws where one is not
 */
export function readFrames(bytes: Buffer, isMasked: boolean): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const short = second & 0x7f;
    if ((first & 0x70) !== 0) throw new Error(`reserved bits in ${first.toString(16)}`);
    if (second >= 0x80 !== isMasked)
      throw new Error(isMasked ? "a frame is not masked" : "a frame is masked");
    const long = short === 126 ? 2 : short === 127 ? 8 : 0;
    const length =
      long === 0 ? short : long === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (length <= (long === 0 ? -1 : long === 2 ? 125 : 0xffff))
      throw new Error(`${length} in ${long} bytes`);
    at += 2 + long;
    const mask = bytes.subarray(at, at + (isMasked ? 4 : 0));
    at += mask.length;
    if (at + length > bytes.length) throw new Error(`a frame of ${length} bytes ends early`);
    const payload = bytes.subarray(at, at + length);
    at += length;
    frames.push({
      fin: first >= 0x80,
      opcode: first & 0x0f,
      payload: isMasked ? masked(payload, mask) : payload,
    });
  }
  return frames;
}

function masked(payload: Buffer, mask: Buffer): Buffer {
  const out = Buffer.allocUnsafe(payload.length);
  for (let at = 0; at < payload.length; at++) out[at] = (payload[at] as number) ^ (mask[at & 3] as number);
  return out;
}
