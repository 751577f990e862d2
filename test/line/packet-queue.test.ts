import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PacketQueue } from "#wsrally/line/packet-queue.js";
import { fc } from "../support/seeded-fast-check.js";

interface Sent {
  readonly flow: number;
  readonly dueNs: number;
}

/** What comes out, as the numbers of what went in. */
function through(queue: PacketQueue, packets: readonly Sent[]): number[] {
  packets.forEach(({ flow, dueNs }, index) => {
    queue.add(Buffer.from([index]), 1, flow, dueNs);
  });
  return packets.map(() => {
    assert.ok(Number.isFinite(queue.nextNs));
    const number = queue.memory.bytes[queue.firstAt] as number;
    assert.deepEqual([queue.firstLength, queue.firstFlow], [1, packets[number]?.flow]);
    queue.drop();
    return number;
  });
}

describe("PacketQueue", () => {
  it("gives by when they are due, and those due together as they came", () => {
    const packets = [30, 10, 20, 10].map((dueNs, flow) => ({ flow, dueNs }));
    assert.deepEqual(through(new PacketQueue(4, 4), packets), [1, 3, 2, 0]);
  });

  it("lets nobody overtake in his own flow", () => {
    const packets = [
      { flow: 0, dueNs: 30 },
      { flow: 0, dueNs: 10 },
      { flow: 1, dueNs: 20 },
    ];
    assert.deepEqual(through(new PacketQueue(3, 2), packets), [2, 0, 1]);
  });

  it("holds both for any packets, again and again", () => {
    const queue = new PacketQueue(40, 5);
    let fromNs = 0;
    const packet = fc.record({ flow: fc.nat(4), dueNs: fc.nat(100) });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 40 }), (drawn) => {
        const packets = drawn.map(({ flow, dueNs }) => ({ flow, dueNs: fromNs + dueNs }));
        fromNs += 1000;
        const latest = new Map<number, number>();
        const dueOf = packets.map(({ flow, dueNs }) => {
          const orderly = Math.max(dueNs, latest.get(flow) ?? 0);
          latest.set(flow, orderly);
          return orderly;
        });
        const wanted = packets.map((_, index) => index);
        wanted.sort((a, b) => (dueOf[a] as number) - (dueOf[b] as number) || a - b);
        assert.deepEqual(through(queue, packets), wanted);
        assert.equal(queue.nextNs, Number.POSITIVE_INFINITY);
      }),
    );
  });

  it("is full when it holds as many as it may, and has room again", () => {
    const queue = new PacketQueue(2, 1);
    queue.add(Buffer.from([1]), 1, 0, 1);
    assert.equal(queue.isFull, false);
    queue.add(Buffer.from([2]), 1, 0, 2);
    assert.equal(queue.isFull, true);
    queue.drop();
    assert.equal(queue.isFull, false);
  });
});
