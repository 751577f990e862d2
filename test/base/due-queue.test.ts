import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DueQueue } from "#wsrally/base/due-queue.js";
import { fc } from "../support/seeded-fast-check.js";

describe("DueQueue", () => {
  it("gives what is due in the order of time, of two at once the first added, and nothing that was taken out", () => {
    const added = fc.record({ dueNs: fc.nat(20), isTakenOut: fc.boolean() });
    fc.assert(
      fc.property(fc.array(added, { maxLength: 60 }), fc.nat(20), (all, nowNs) => {
        const queue = new DueQueue<number>();
        const takeOut = all.map(({ dueNs }, number) => queue.add(dueNs, number));
        for (const [number, { isTakenOut }] of all.entries()) if (isTakenOut) takeOut[number]?.();
        const taken: number[] = [];
        for (let next = queue.takeDue(nowNs); next !== undefined; next = queue.takeDue(nowNs))
          taken.push(next);
        // What is gone already stays so, and takes nothing with it.
        for (const number of taken) takeOut[number]?.();
        const left = [...all.entries()]
          .filter(([, { isTakenOut }]) => !isTakenOut)
          .sort(([a, one], [b, other]) => one.dueNs - other.dueNs || a - b);
        const wanted = left.filter(([, { dueNs }]) => dueNs <= nowNs);
        assert.deepEqual(
          taken,
          wanted.map(([number]) => number),
        );
        assert.equal(queue.nextNs, left[wanted.length]?.[1].dueNs ?? Number.POSITIVE_INFINITY);
      }),
    );
  });
});
