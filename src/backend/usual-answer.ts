/** What a pong server says to a message: `pong` to the text `ping`, what was asked for to one that asks, the same to any other. */
import { sizedReplyTo } from "../base/sized-message.js";

const pingWord = 0x70696e67;
const pong = Buffer.from("pong");

/** @returns null: the bytes [start, end) themselves */
export function usualAnswer(data: Buffer, start: number, end: number, isBinary: boolean): Buffer | null {
  if (!isBinary && end - start === 4 && data.readUInt32BE(start) === pingWord) return pong;
  return sizedReplyTo(data, start, end, isBinary);
}
