/**
 * From when on new clients see a new certificate.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { certificateBillOf } from "#wsrally/trial/rollout/certificate-bill.js";

/** A handshake every 50 ms from 100 ms before the event; "-" failed. */
const seen = (serials: string) =>
  [...serials].map((serial, index) => ({
    atNs: (index - 2) * 50e6,
    serial: serial === "-" ? null : serial,
  }));

for (const [serials, serialAfter, newSeenAfterMs, failedHandshakes] of [
  ["AABBB", "B", 0, 0],
  ["AAABB", "B", 50, 0],
  // An old worker may still answer one after the first new one.
  ["AAABABB", "B", 150, 0],
  ["AA--BB", "B", 100, 2],
  ["AAAAA", "A", null, 0],
  ["AA---", null, null, 3],
  // A second event.
  ["AABBCC", "C", 100, 0],
] as const) {
  it(`tells ${serials} apart`, () => {
    assert.deepEqual(certificateBillOf(seen(serials), 0), {
      serialBefore: "A",
      serialAfter,
      newSeenAfterMs,
      failedHandshakes,
    });
  });
}

it("knows no serial from before where the first handshake failed", () => {
  assert.equal(certificateBillOf(seen("--BB"), 0).serialBefore, null);
});
