import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RingOutbox } from "#wsrally/load/ring-outbox.js";
import type { RingRequests } from "#wsrally/load/ring-requests.js";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { linuxOnly } from "../linux/support/linux-only.js";

/** Of a masked frame: header and mask. */
const headBytes = 6;

/** Fills an outbox, a frame a connection. @returns how many it took */
function fill(outbox: RingOutbox): number {
  let taken = 0;
  while (!outbox.isFull) {
    assert.ok(outbox.add(taken, opcodes.text, Buffer.alloc(taken + 1)));
    taken++;
  }
  return taken;
}

/** Submits. @returns the connections of its requests, with their bytes */
function submitted(outbox: RingOutbox): [connection: number, bytes: number][] {
  const sends: [number, number][] = [];
  const send: RingRequests["send"] = (connection, _source, start, end) => {
    sends.push([connection, end - start]);
  };
  outbox.submit({ send } as RingRequests);
  return sends;
}

describe("RingOutbox", linuxOnly, () => {
  for (const [connections, most] of [
    [1, 8],
    [128, 8],
    [256, 16],
    [511, 31],
    [512, 32],
    [20_000, 32],
  ] as const) {
    it(`hands over ${most} sends at once for ${connections} connections`, () => {
      const outbox = new RingOutbox(connections);
      assert.equal(fill(outbox), most);
      const sends = Array.from({ length: most }, (_, at) => [at, headBytes + at + 1]);
      assert.deepEqual(submitted(outbox), sends);
      assert.equal(outbox.isFull, false);
      assert.deepEqual(submitted(outbox), []);
    });
  }

  it("keeps what was submitted until the next is, and knows what of it was not sent", () => {
    const outbox = new RingOutbox(512);
    fill(outbox);
    submitted(outbox);
    assert.equal(outbox.unsent(31, 10).length, headBytes + 32 - 10);
    assert.ok(outbox.add(31, opcodes.text, Buffer.from("more")));
    assert.equal(outbox.unsent(31, 10).length, headBytes + 32 - 10);
    assert.equal(outbox.takeBack(31)?.length, headBytes + 4);
    assert.equal(outbox.takeBack(31), null);
  });
});
