/** Messages of 64 KiB to 16 MiB, whole, in fragments of 64 bytes to 4 MiB, and in small reads. */
import { kibibyte, type LargeMessage, mebibyte, testLargeMessages } from "./support/large-messages.js";

const kinds = ["text", "binary"] as const;

const whole: readonly LargeMessage[] = [
  64 * kibibyte,
  256 * kibibyte,
  mebibyte,
  4 * mebibyte,
  8 * mebibyte,
  16 * mebibyte,
].flatMap((bytes) => kinds.map((kind) => ({ kind, bytes, fragmentBytes: bytes, chopBytes: null })));

const inFragments: readonly LargeMessage[] = [
  64,
  256,
  1 * kibibyte,
  4 * kibibyte,
  16 * kibibyte,
  64 * kibibyte,
  256 * kibibyte,
  mebibyte,
  4 * mebibyte,
].flatMap((fragmentBytes) =>
  [4 * mebibyte, 16 * mebibyte].flatMap((bytes) =>
    kinds.map((kind) => ({ kind, bytes, fragmentBytes, chopBytes: null })),
  ),
);

const inSmallReads: readonly LargeMessage[] = [64, 128, 256, 512, 1024, 2048].flatMap((chopBytes) =>
  kinds.map((kind) => ({ kind, bytes: mebibyte, fragmentBytes: mebibyte, chopBytes })),
);

testLargeMessages([...whole, ...inFragments, ...inSmallReads]);
