/**
 * Messages that say how long their reply is to be: sent by the generator where a workload has sizes of replies, and read
 * by wsrally's backend, which so needs to know nothing of the workload. `wsr=`, sequence (8 hex digits), bytes of the reply
 * (6), percent that DEFLATE saves of it (2), then filler; the reply is the sequence and filler. One that is stamped as well
 * has its reply's size, behind a `=`, where the stamps end. @see stamped-message.ts
 */
import { fillerOf } from "./filler.js";
import { readHex, writeHex } from "./hex.js";
import { createStampedMessage, isStamped, stampedBytesMin, stampsEnd } from "./stamped-message.js";

const mark = 0x7773723d;
const sequenceAt = 4;
const sizeAt = 12;
const percentAt = 18;
/** Where its filler begins, and the shortest that such a message can be. */
export const askingBytesMin = 20;
/** The shortest reply: its message's sequence. */
export const sequenceBytes = 8;
const stampedMark = 0x3d;

/** What a reply is to be like. */
interface Asked {
  readonly bytes: number;
  readonly savedPercent: number;
}

/** Writes the head of a message that asks for such a reply. */
export function writeAsking(data: Buffer, sequence: number, { bytes, savedPercent }: Asked): void {
  data.writeUInt32BE(mark, 0);
  writeHex(data, sequenceAt, sequenceBytes, sequence);
  writeHex(data, sizeAt, percentAt - sizeAt, bytes);
  writeHex(data, percentAt, askingBytesMin - percentAt, savedPercent);
}

/** The same in a stamped message. */
export function writeAskingStamped(data: Buffer, replyBytes: number): void {
  data[stampsEnd] = stampedMark;
  writeHex(data, stampsEnd + 1, 8, replyBytes);
}

/**
 * What is to be answered to the bytes [start, end).
 * @returns null for every other message: it is echoed
 */
export function sizedReplyTo(data: Buffer, start: number, end: number, isBinary: boolean): Buffer | null {
  // Asked of every message: its first byte decides as a rule.
  if (data[start] !== 0x77 || end - start < askingBytesMin) return null;
  if (data.readUInt32BE(start) === mark) return replyTo(data, start, isBinary);
  if (!isStamped(data, start, end) || data[start + stampsEnd] !== stampedMark) return null;
  const bytes = readHex(data, start + stampsEnd + 1, 8);
  if (bytes < stampedBytesMin || bytes > mostReplyBytes) return null;
  const reply = createStampedMessage(bytes);
  data.copy(reply, 0, start, start + stampsEnd);
  return reply;
}

/** What asks for more is no message of ours. */
const mostReplyBytes = 1_048_576;

function replyTo(data: Buffer, start: number, isBinary: boolean): Buffer | null {
  const sequence = readHex(data, start + sequenceAt, sequenceBytes);
  const bytes = readHex(data, start + sizeAt, percentAt - sizeAt);
  const savedPercent = readHex(data, start + percentAt, askingBytesMin - percentAt);
  if (sequence < 0 || bytes < sequenceBytes || bytes > mostReplyBytes) return null;
  if (savedPercent < 0 || savedPercent > 99) return null;
  const reply = Buffer.allocUnsafe(bytes);
  writeHex(reply, 0, sequenceBytes, sequence);
  fill(reply, sequenceBytes, bytes, sequence, isBinary, savedPercent);
  return reply;
}

/** Fills the bytes [from, to) of message number `sequence`. */
export function fill(
  data: Buffer,
  from: number,
  to: number,
  sequence: number,
  isBinary: boolean,
  savedPercent: number,
): void {
  const { bytes, offsetOf } = fillerOf(isBinary, savedPercent);
  const at = offsetOf(sequence);
  bytes.copy(data, from, at, at + to - from);
}
