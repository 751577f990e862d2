/**
 * Takes a histogram out of an interval log without believing it: HdrHistogram's V2 encoding, compressed, in base64. The
 * library inflates whatever it is given, allocates what the head asks for, and walks as far as its words lead; here the
 * counts land in an array of known size, or the histogram is refused.
 */
import { inflateSync } from "node:zlib";
import { codeOf } from "./errors.js";
import { bucketsUpTo } from "./histogram-buckets.js";

/** Why an encoded histogram is none of ours, in a few words. */
export class BrokenHistogramError extends Error {
  override readonly name = "BrokenHistogramError";
}

const cookie = 0x1c849303;
const compressedCookie = 0x1c849304;
/** The word size stands in these bits; every one is read alike, as in the library. */
const cookieMask = ~0xf0;
/** Cookie, length, offset, digits, least and highest value, ratio (HdrHistogram, V2). */
const headBytes = 40;
const digitsWanted = 3;
/** Nine bytes a word, and a word for each bucket. */
const longestHistogramBytes = headBytes + 9 * bucketsUpTo(Number.MAX_SAFE_INTEGER);
/** As the library's arrays count. */
const mostCount = 2 ** 32 - 1;

/**
 * Adds an encoded histogram's counts to those of `counts`, by bucket.
 * @returns how many bytes it was, inflated
 * @throws BrokenHistogramError
 */
export function addEncodedCounts(encoded: string, counts: Float64Array): number {
  const bytes = inflated(encoded);
  if (bytes.length < headBytes || (bytes.readInt32BE(0) & cookieMask) !== cookie) throw broken("has no head");
  const payloadBytes = bytes.readUInt32BE(4);
  if (payloadBytes !== bytes.length - headBytes) throw broken("is not as long as its head says");
  if (bytes.readInt32BE(12) !== digitsWanted || bytes.readBigInt64BE(16) !== 1n) {
    throw broken(`counts otherwise than in ${digitsWanted} digits from 1 ns`);
  }
  addWords(bytes, counts);
  return bytes.length;
}

function inflated(encoded: string): Buffer {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) throw broken("is no whole base64");
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length < 8 || (bytes.readInt32BE(0) & cookieMask) !== compressedCookie)
    throw broken("is no compressed HdrHistogram of version 2");
  const compressed = bytes.subarray(8, 8 + bytes.readUInt32BE(4));
  try {
    return inflateSync(compressed, { maxOutputLength: longestHistogramBytes });
  } catch (thrown) {
    const isLong = codeOf(thrown) === "ERR_BUFFER_TOO_LARGE";
    throw broken(isLong ? `inflates to more than ${longestHistogramBytes} bytes` : "does not inflate");
  }
}

/** Each word is a count, or where it is negative so many buckets without one (ZigZag LEB128, nine bytes at most). */
function addWords(bytes: Buffer, counts: Float64Array): void {
  let at = headBytes;
  let bucket = 0;
  while (at < bytes.length) {
    // The sign is the lowest bit, which a sum beyond 2⁵³ no longer has.
    const isNegative = ((bytes[at] as number) & 1) === 1;
    let word = 0;
    let scale = 1;
    for (let more = true, length = 1; more; length++) {
      if (at === bytes.length) throw broken("ends within a word");
      const byte = bytes[at++] as number;
      more = byte >= 0x80 && length < 9;
      word += (length === 9 ? byte : byte & 0x7f) * scale;
      scale *= 0x80;
    }
    if (isNegative) {
      bucket += (word + 1) / 2;
    } else {
      if (word / 2 > mostCount) throw broken("has an impossible count");
      if (bucket < counts.length) counts[bucket] = (counts[bucket] as number) + word / 2;
      bucket++;
    }
    if (bucket > counts.length) throw broken("has more buckets than there are");
  }
}

function broken(what: string): BrokenHistogramError {
  return new BrokenHistogramError(`its histogram ${what}`);
}
