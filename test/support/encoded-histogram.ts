/** Histograms as a stranger may encode them: HdrHistogram V2 with any head, any words, any bytes compressed. */
import { deflateSync } from "node:zlib";

export interface HistogramParts {
  readonly digits?: number;
  readonly unit?: bigint;
  /** What the head says of the words' length; what it is when left out. */
  readonly payloadBytes?: number;
  readonly words?: readonly number[];
}

/** Compressed, as they lie in an interval log. */
export function histogramBytes({ digits = 3, unit = 1n, payloadBytes, words = [2] }: HistogramParts): Buffer {
  const head = Buffer.alloc(40);
  head.writeInt32BE(0x1c849313, 0);
  head.writeUInt32BE(payloadBytes ?? words.length, 4);
  head.writeInt32BE(digits, 12);
  head.writeBigInt64BE(unit, 16);
  head.writeBigInt64BE(2n ** 52n, 24);
  head.writeBigInt64BE(1n, 32);
  return deflateSync(Buffer.concat([head, Buffer.from(words)]));
}

/** In base64, behind the head of a compressed histogram. */
export function encodedHistogram(compressed: Buffer): string {
  const head = Buffer.alloc(8);
  head.writeInt32BE(0x1c849314, 0);
  head.writeUInt32BE(compressed.length, 4);
  return Buffer.concat([head, compressed]).toString("base64");
}
