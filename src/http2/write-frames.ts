/**
 * Frames but DATA as bytes (RFC 9113, 6): they are few, so each is a buffer of its own.
 */
import {
  type ErrorName,
  errorCodeOf,
  flags,
  frameBytesUsual,
  frameHeaderBytes,
  frameTypes,
} from "./frame-types.js";

/** What a client begins with, before its SETTINGS (3.4). */
export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Writes a frame's 9 bytes of header at `at`. */
export function writeFrameHeader(
  target: Buffer,
  at: number,
  length: number,
  type: number,
  flag: number,
  stream: number,
): void {
  target[at] = length >>> 16;
  target[at + 1] = length >>> 8;
  target[at + 2] = length;
  target[at + 3] = type;
  target[at + 4] = flag;
  target[at + 5] = stream >>> 24;
  target[at + 6] = stream >>> 16;
  target[at + 7] = stream >>> 8;
  target[at + 8] = stream;
}

export function frameOf(type: number, flag: number, stream: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  writeFrameHeader(frame, 0, payload.length, type, flag, stream);
  payload.copy(frame, frameHeaderBytes);
  return frame;
}

/** @param settings pairs of an identifier and its value */
export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  settings.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  });
  return frameOf(frameTypes.settings, 0, 0, payload);
}

export function settingsAck(): Buffer {
  return frameOf(frameTypes.settings, flags.ack, 0, Buffer.alloc(0));
}

export function pingAck(opaque: Buffer): Buffer {
  return frameOf(frameTypes.ping, flags.ack, 0, opaque);
}

/** @param stream 0 for the connection's */
export function windowUpdate(stream: number, bytes: number): Buffer {
  return frameOf(frameTypes.windowUpdate, 0, stream, uint32(bytes));
}

export function rstStream(stream: number, error: ErrorName): Buffer {
  return frameOf(frameTypes.rstStream, 0, stream, uint32(errorCodeOf(error)));
}

/** @param last the last stream of the peer's that was looked at */
export function goaway(last: number, error: ErrorName): Buffer {
  return frameOf(frameTypes.goaway, 0, 0, Buffer.concat([uint32(last), uint32(errorCodeOf(error))]));
}

/** HEADERS, and CONTINUATION for what does not fit; the stream stays open. */
export function headersFrames(stream: number, block: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += frameBytesUsual) {
    const part = block.subarray(at, at + frameBytesUsual);
    const endsBlock = at + part.length === block.length ? flags.endHeaders : 0;
    const type = at === 0 ? frameTypes.headers : frameTypes.continuation;
    frames.push(frameOf(type, endsBlock, stream, part));
  }
  return frames;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
