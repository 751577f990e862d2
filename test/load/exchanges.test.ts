import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Exchanges } from "#wsrally/load/exchanges.js";
import { fc } from "../support/seeded-fast-check.js";

describe("Exchanges", () => {
  it("answers in the order of sending where replies carry no number", () => {
    const exchanges = new Exchanges(1);
    exchanges.sent(0, 10, 11);
    exchanges.sent(0, 20, 21);
    assert.equal(exchanges.intendedNs(exchanges.answered(0, -1)), 10);
    assert.equal(exchanges.sentNs(exchanges.answered(0, -1)), 21);
    assert.equal(exchanges.answered(0, -1), -1);
  });

  it("knows a reply that came twice", () => {
    const exchanges = new Exchanges(1);
    exchanges.sent(0, 1, 1);
    exchanges.sent(0, 2, 2);
    assert.notEqual(exchanges.answered(0, 1), -1);
    assert.equal(exchanges.answered(0, 1), -1);
    assert.equal(exchanges.inFlight, 1);
  });

  it("agrees with a plain list, whatever overtakes what", () => {
    const step = fc.record({
      connection: fc.integer({ min: 0, max: 3 }),
      action: fc.constantFrom("send", "reply", "numbered", "end"),
      pick: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000 }), (steps) => {
        const exchanges = new Exchanges(4);
        const model: number[][] = [[], [], [], []];
        const next = [0, 0, 0, 0];
        for (const { connection, action, pick } of steps) {
          const list = model[connection] as number[];
          if (action === "send") {
            const sequence = next[connection] as number;
            assert.equal(exchanges.nextSequence(connection), sequence);
            exchanges.sent(connection, sequence * 10, sequence * 10 + 1);
            list.push(sequence);
            next[connection] = sequence + 1;
          } else if (action === "end") {
            assert.equal(exchanges.abandon(connection), list.length);
            list.length = 0;
          } else {
            const wanted = action === "reply" ? list[0] : pick;
            const slot = exchanges.answered(connection, action === "reply" ? -1 : pick);
            const place = wanted === undefined ? -1 : list.indexOf(wanted);
            assert.equal(slot === -1, place === -1);
            if (place !== -1) {
              assert.equal(exchanges.intendedNs(slot), (wanted as number) * 10);
              list.splice(place, 1);
            }
          }
          assert.equal(exchanges.inFlight, model.flat().length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
