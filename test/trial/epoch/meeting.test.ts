import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Meeting } from "#wsrally/trial/epoch/meeting.js";

describe("Meeting", () => {
  it("lets arms open one after the other, start together, and know what all have used", async () => {
    const meeting = new Meeting(2, new AbortController().signal);
    const order: string[] = [];
    const trial = async (turn: number, spentNs: number) => {
      await meeting.turnToOpen(turn);
      order.push(`opens ${turn}`);
      const startNs = await meeting.untilStart(turn);
      order.push(`starts ${turn}`);
      return { startNs, allNs: await meeting.spentByAll(spentNs) };
    };
    // The second comes first, and has to wait for its turn all the same.
    const second = trial(1, 20);
    const [late, early] = await Promise.all([second, trial(0, 3)]);
    assert.deepEqual(order.slice(0, 2), ["opens 0", "opens 1"]);
    assert.equal(late.startNs, early.startNs);
    assert.deepEqual([late.allNs, early.allNs], [23, 23]);
  });

  it("keeps nobody waiting for one that has failed", async () => {
    const ended = new AbortController();
    const meeting = new Meeting(3, ended.signal);
    await meeting.turnToOpen(0);
    const waits = [meeting.turnToOpen(1), meeting.untilStart(0), meeting.spentByAll(1)];
    const outcomes = Promise.allSettled(waits);
    ended.abort(new Error("the proxy does not start"));
    const [opening, start, spent] = await outcomes;
    // Its turn had come with the opening of the one before it.
    assert.equal(opening?.status, "fulfilled");
    for (const outcome of [start, spent]) {
      assert.equal(outcome?.status, "rejected");
      assert.match(String((outcome as PromiseRejectedResult).reason), /does not start/);
    }
  });
});
