/** The corners of what large-messages.nightly.test.ts goes through whole. */
import { kibibyte, mebibyte, testLargeMessages } from "./support/large-messages.js";

testLargeMessages([
  { kind: "text", bytes: 16 * mebibyte, fragmentBytes: 16 * mebibyte, chopBytes: null },
  { kind: "binary", bytes: 4 * mebibyte, fragmentBytes: 64, chopBytes: null },
  { kind: "text", bytes: mebibyte, fragmentBytes: 16 * kibibyte, chopBytes: null },
  { kind: "text", bytes: 64 * kibibyte, fragmentBytes: 64 * kibibyte, chopBytes: 64 },
]);
