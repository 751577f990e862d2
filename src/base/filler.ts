/**
 * What messages are filled with: the same bytes wherever they are made, so that both ends know them without a word. They
 * repeat only beyond the window of DEFLATE (32 KiB, RFC 1951), and a message of another number begins elsewhere in them, so
 * that a compressor with a memory finds nothing of one message in the next.
 */
import { deflateRawSync } from "node:zlib";
import { createPrng } from "./prng.js";

const periodBytes = 65_536;
const mostBytes = 1_048_576;
const seed = 0x6a09e667;
/** A multiplier that scatters neighbours over the period (Knuth, The Art of Computer Programming, 6.4). */
const scatter = 0x9e3779b1;
/** Of so many bytes the last ones are alike, as many as it takes. */
const cellBytes = 32;
/** Halvings of what is searched: closer than a percent. */
const tries = 8;

export interface Filler {
  /** Long enough for any message from any `offsetOf`. */
  readonly bytes: Buffer;
  /** Where in them message number `sequence` begins. */
  offsetOf(sequence: number): number;
}

const made = new Map<string, Filler>();

/**
 * @param binary any bytes; else printable ASCII, of which DEFLATE saves 18 % by itself
 * @param savedPercent how much DEFLATE saves of a stream of them, at the least
 */
export function fillerOf(binary: boolean, savedPercent: number): Filler {
  const key = `${binary} ${savedPercent}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const filler: Filler = {
    bytes: Buffer.alloc(periodBytes + mostBytes, periodOf(binary, savedPercent)),
    offsetOf: (sequence) => Math.imul(sequence, scatter) >>> 16,
  };
  made.set(key, filler);
  return filler;
}

function periodOf(binary: boolean, savedPercent: number): Buffer {
  const wanted = periodBytes * (1 - savedPercent / 100);
  let [least, most] = [0, 1];
  for (let i = 0; i < tries && savedPercent > 0; i++) {
    const middle = (least + most) / 2;
    if (deflateRawSync(randomBytes(binary, middle)).length > wanted) least = middle;
    else most = middle;
  }
  return randomBytes(binary, savedPercent === 0 ? 0 : most);
}

/** @param alikeShare of the bytes that are all the same */
function randomBytes(binary: boolean, alikeShare: number): Buffer {
  const prng = createPrng(seed);
  const bytes = Buffer.alloc(periodBytes, "-", "latin1");
  let due = 0;
  for (let from = 0; from < periodBytes; from += cellBytes) {
    // What a cell's share leaves of a byte is the next one's.
    due += cellBytes * (1 - alikeShare);
    for (let i = 0; i < Math.min(cellBytes, Math.floor(due)); i++) {
      const byte = prng.nextUint32() >>> 24;
      bytes[from + i] = binary ? byte : 0x20 + (byte % 0x5f);
    }
    due -= Math.floor(due);
  }
  return bytes;
}
