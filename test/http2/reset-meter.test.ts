import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ns } from "#wsrally/base/units.js";
import { ResetMeter } from "#wsrally/http2/reset-meter.js";
import { newStream, type Stream } from "#wsrally/http2/stream.js";

/** How many of 5,000 resets it lets pass, one every `everyMs`. */
function passed(everyMs: number, reset: (begunNs: number) => Partial<Stream>, livedMs = 0): number {
  let nowNs = 1e12;
  const meter = new ResetMeter({ now: () => nowNs as Ns });
  for (let count = 0; count < 5000; count++) {
    const begunNs = nowNs;
    nowNs += livedMs * 1e6;
    const stream = { ...newStream(1, -1, 0, begunNs), ...reset(begunNs) };
    if (meter.takeOf(stream) !== null) return count;
    nowNs += (everyMs - livedMs) * 1e6;
  }
  return 5000;
}

describe("ResetMeter lets pass", () => {
  const unused = (): Partial<Stream> => ({});
  const rows: readonly (readonly [what: string, seen: number, wanted: number])[] = [
    ["1,000 at once", passed(0, unused), 1000],
    ["33 a second for ever", passed(1000 / 33, unused), 5000],
    ["some more at 100 a second", passed(10, unused), 1492],
    ["those that had more said on them than was read", passed(0, () => ({ received: 9 })), 1000],
    ["all that were used and had ended", passed(0, () => ({ received: 9, isFinished: true })), 5000],
    ["no more pages than others", passed(0, () => ({ isFinished: true })), 1000],
    ["all that lived for a second", passed(1000, unused, 1000), 5000],
  ];
  for (const [what, seen, wanted] of rows) it(what, () => assert.equal(seen, wanted));
});
