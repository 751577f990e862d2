/**
 * The places that every message fills anew, each of a fixed width, so that a message is made by writing a few digits into
 * bytes that are there: `{{id}}` is `wsr`, the connection (6 hex digits), `-` and the sequence (8); `{{connection}}` those 6;
 * `{{seq}}` ten digits from 1000000000, which JSON takes for a number; `{{now}}` milliseconds since 1970, thirteen.
 */
import { noNumber } from "../../base/hex.js";

export const connectionWidth = 6;
export const sequenceWidth = 8;
export const decimalWidth = 10;
export const nowWidth = 13;

/** What `{{seq}}` counts from: the first number of ten digits. */
export const firstDecimal = 1e9;

export function writeDecimal(target: Buffer, at: number, width: number, value: number): void {
  let left = value;
  for (let i = width - 1; i >= 0; i--) {
    target[at + i] = 0x30 + (left % 10);
    left = Math.floor(left / 10);
  }
}

/** @returns the number, or `noNumber` */
export function readDecimal(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) {
    const digit = (data[at + i] as number) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return noNumber;
    value = value * 10 + digit;
  }
  return value;
}
