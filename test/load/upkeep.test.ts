/** What is opened again while others end: noticing an end goes before the next opening, for a reset has no other date. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TimerQueue } from "#wsrally/base/timers.js";
import { ns } from "#wsrally/base/units.js";
import { OpenConnections } from "#wsrally/load/open-connections.js";
import { Upkeep } from "#wsrally/load/upkeep.js";

const connections = 200;

/** What is begun in the next turn of a loop. */
function startUpkeep(): { upkeep: Upkeep; begunInTurn: () => number } {
  const timers = new TimerQueue();
  let begun = 0;
  const upkeep = new Upkeep(
    { reconnect: "at-once", takesNotes: true },
    { connections, seed: 1 },
    {
      open: new OpenConnections(connections),
      exchanges: { isIdle: () => true },
      engine: {
        open: () => {
          begun++;
        },
        close: () => undefined,
        timers,
      },
      clock: { now: () => ns(0) },
      settled: () => undefined,
    },
  );
  const begunInTurn = (): number => {
    const before = begun;
    timers.runDue(0);
    return begun - before;
  };
  return { upkeep, begunInTurn };
}

describe("connections that come back at once", () => {
  it("leave the turn to ends that are still to be read, and lose nobody", () => {
    const { upkeep, begunInTurn } = startUpkeep();
    const end = (from: number, to: number): void => {
      for (let one = from; one < to; one++) upkeep.ended(one, { kind: "reset", code: null, agoMs: 0 });
    };
    end(0, 100);
    const amidEnds = begunInTurn();
    end(100, connections);
    const amidMore = begunInTurn();
    const after = begunInTurn();
    assert.ok(0 < amidEnds && amidEnds < after / 4, `${amidEnds} and ${after}`);
    assert.equal(amidMore, amidEnds);
    let left = connections - amidEnds - amidMore - after;
    for (let turn = 0; turn < connections && left > 0; turn++) left -= begunInTurn();
    assert.equal(left, 0);
    assert.equal(begunInTurn(), 0);
  });

  it("are dated by when their end came, where that is known", () => {
    const { upkeep } = startUpkeep();
    upkeep.ended(0, { kind: "eof", code: null, agoMs: 3 });
    upkeep.ended(1, { kind: "reset", code: null, agoMs: 0 });
    assert.deepEqual(
      upkeep.takeNotes().map(({ atNs }) => atNs),
      [-3e6, 0],
    );
  });
});
