/**
 * The message that carries times: sent by the generator now and then in place of the workload's own, and sent back by
 * wsrally's backend with the moments at which it was received and answered, so that a round trip can be split into
 * its directions. Text in ASCII, at least 64 bytes, whatever the frame's type:
 * `wsrally-stamp:` sequence (8 hex digits) received (16) answered (16), then filler. Times are nanoseconds of the
 * machine's monotonic clock; dashes stand for a time that is not known. Where generators and backends are on several machines,
 * a message is sent with its pair (16 hex digits) in the last field, and only the backend of that pair, on the same clock,
 * writes its times there.
 */
import { readHexOrNaN, writeHex } from "./hex.js";

const prefix = Buffer.from("wsrally-stamp:", "latin1");
const sequenceAt = prefix.length;
const receivedAt = sequenceAt + 8;
const answeredAt = receivedAt + 16;
const fillerAt = answeredAt + 16;
/** Where its filler begins. */
export const stampsEnd = fillerAt;

/** The shortest that a stamped message can be. */
export const stampedBytesMin = 64;

/**
 * A message to be stamped, of this size.
 * @param bytes at least `stampedBytesMin`
 * @param pair whose backend alone is to stamp it; null for any
 */
export function createStampedMessage(bytes: number, pair: string | null = null): Buffer {
  const message = Buffer.alloc(bytes, "-", "latin1");
  prefix.copy(message);
  if (pair !== null) message.write(pair, answeredAt, "latin1");
  return message;
}

/** Whether a stamped message that begins at `start` asks for the times of this pair. @param pair its 16 hex digits, as bytes */
export function isOfPair(data: Buffer, start: number, pair: Buffer): boolean {
  return data.compare(pair, 0, pair.length, start + answeredAt, start + answeredAt + pair.length) === 0;
}

export function writeSequence(message: Buffer, sequence: number): void {
  writeHex(message, sequenceAt, 8, sequence);
}

/** Whether the bytes [start, end) are such a message. A few comparisons, for it is asked of every one. */
export function isStamped(data: Buffer, start: number, end: number): boolean {
  return (
    end - start >= stampedBytesMin &&
    data[start] === 0x77 &&
    data[start + 7] === 0x2d &&
    data.compare(prefix, 0, prefix.length, start, start + prefix.length) === 0
  );
}

/** Writes the backend's times into a message that begins at `start`. @param receivedNs NaN where it is not known */
export function writeStamps(data: Buffer, start: number, receivedNs: number, answeredNs: number): void {
  if (!Number.isNaN(receivedNs)) writeTime(data, start + receivedAt, receivedNs);
  writeTime(data, start + answeredAt, answeredNs);
}

/** Whether the bytes [start, end), of a stamped message, are `sent` but for its number and the times written into it. */
export function isSameButStamps(sent: Buffer, data: Buffer, start: number, end: number): boolean {
  if (end - start !== sent.length) return false;
  if (data.compare(sent, fillerAt, sent.length, start + fillerAt, end) !== 0) return false;
  const times = data.toString("latin1", start + receivedAt, start + fillerAt);
  return /^(?:[0-9a-f]{16}|-{16}){2}$/.test(times);
}

export interface ReadStamps {
  /** NaN where it is not readable. */
  readonly sequence: number;
  /** NaN where it is not known. */
  readonly receivedNs: number;
  readonly answeredNs: number;
}

/** Of a message that begins at `start`. */
export function readStamps(data: Buffer, start: number): ReadStamps {
  return {
    sequence: readHexOrNaN(data, start + sequenceAt, 8),
    receivedNs: readHexOrNaN(data, start + receivedAt, 16),
    answeredNs: readHexOrNaN(data, start + answeredAt, 16),
  };
}

function writeTime(data: Buffer, at: number, timeNs: number): void {
  data.write(Math.round(timeNs).toString(16).padStart(16, "0"), at, "latin1");
}
