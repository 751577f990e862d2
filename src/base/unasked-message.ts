/**
 * The messages of `push` and `fanout`, which wsrally's generator and its backend tell apart from all others by their
 * first bytes. Text in ASCII, at least 64 bytes: `wsrally-push:`, from the backend, or `wsrally-cast:`, from a client to
 * its room, then number (8 hex digits), due (16), sent (16), then filler. Times are nanoseconds of the machine's monotonic
 * clock: the instant of the sender's schedule, and when it was really sent. Two are shorter: `wsrally-ends:` says that on
 * this connection no push follows, and `wsrally-join:` with the room's number (8) makes a connection a member, and comes
 * back when it is one.
 */
import { readHexOrNaN } from "./hex.js";

const prefixLength = 13;
const numberAt = prefixLength;
const dueAt = numberAt + 8;
const sentAt = dueAt + 16;
const headEnd = sentAt + 16;

/** The shortest that such a message can be. */
export const unaskedBytesMin = 64;

/** What a message is, by its first bytes. */
export const unaskedKinds = { push: 1, ends: 2, cast: 3, join: 4 } as const;

/** The last of a connection's pushes has been sent. */
export const pushEnds = Buffer.from("wsrally-ends:", "latin1");

/** @param bytes at least `unaskedBytesMin` */
export function createUnaskedMessage(kind: "push" | "cast", bytes: number): Buffer {
  const message = Buffer.alloc(bytes, "-", "latin1");
  message.write(`wsrally-${kind}:`, "latin1");
  return message;
}

/** Makes a connection a member of the room of this number. */
export function joinMessage(room: number): Buffer {
  return Buffer.from(`wsrally-join:${hex(room, 8)}`, "latin1");
}

/** The number of the room, of such a message that begins at `start`. */
export function roomOf(data: Buffer, start: number): number {
  return Number.parseInt(data.toString("latin1", start + numberAt, start + dueAt), 16);
}

export function writeUnasked(message: Buffer, number: number, dueNs: number, sentNs: number): void {
  message.write(hex(number, 8) + hex(dueNs, 16) + hex(sentNs, 16), numberAt, "latin1");
}

/**
 * What the bytes [start, end) are, as one of `unaskedKinds`; 0 for any other message. A few comparisons, for it is asked
 * of every one.
 */
export function unaskedKindOf(data: Buffer, start: number, end: number): number {
  if (
    end - start < prefixLength ||
    data[start] !== 0x77 ||
    data[start + 7] !== 0x2d ||
    data[start + 12] !== 0x3a
  )
    return 0;
  switch (data.toString("latin1", start, start + prefixLength)) {
    case "wsrally-push:":
      return end - start >= unaskedBytesMin ? unaskedKinds.push : 0;
    case "wsrally-cast:":
      return end - start >= unaskedBytesMin ? unaskedKinds.cast : 0;
    case "wsrally-join:":
      return end - start === dueAt ? unaskedKinds.join : 0;
    case "wsrally-ends:":
      return unaskedKinds.ends;
    default:
      return 0;
  }
}

/** Whether the bytes [start, end) are the message but for its number and its times. */
export function isSameUnasked(message: Buffer, data: Buffer, start: number, end: number): boolean {
  return (
    end - start === message.length &&
    data.compare(message, headEnd, message.length, start + headEnd, end) === 0
  );
}

export interface ReadUnasked {
  readonly number: number;
  readonly dueNs: number;
  readonly sentNs: number;
}

/** Of a message that begins at `start`; NaN for what is not readable. */
export function readUnasked(data: Buffer, start: number): ReadUnasked {
  return {
    number: readHexOrNaN(data, start + numberAt, 8),
    dueNs: readHexOrNaN(data, start + dueAt, 16),
    sentNs: readHexOrNaN(data, start + sentAt, 16),
  };
}

function hex(value: number, digits: number): string {
  return Math.round(value).toString(16).padStart(digits, "0");
}
