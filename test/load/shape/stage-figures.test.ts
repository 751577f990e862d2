import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bucketOf } from "#wsrally/base/histogram-buckets.js";
import { StageFigures } from "#wsrally/load/shape/stage-figures.js";
import { toldStages } from "#wsrally/scenario/told-stages.js";

describe("the figures of stages", () => {
  it("are of the stage in which a message was due, and a failure came about", () => {
    const figures = new StageFigures([1, 3], 10e9);
    figures.failed(9e9, 5);
    for (const dueNs of [10e9, 10.9e9, 11e9, 12.9e9, 10.5e9]) {
      figures.due(dueNs);
      figures.sent(dueNs);
    }
    figures.due(12e9);
    figures.answered(10.9e9, 10.9e9, 12e9, Number.NaN);
    figures.answered(11e9, 11e9, 11e9 + 500, 11e9 + 300);
    figures.spoilt(10e9);
    figures.failed(10.5e9, 1);
    figures.failed(99e9, 2);
    const [first, second] = figures.toReport();
    // One of the first stage's is missing, and one of the second's.
    assert.deepEqual([first?.due, first?.sent, first?.received, first?.failures], [3, 3, 1, 1 + 1]);
    assert.deepEqual([second?.due, second?.sent, second?.received, second?.failures], [3, 2, 1, 2 + 1]);
    assert.deepEqual([...(first?.wire ?? [])], []);
    assert.deepEqual([...(second?.wire ?? [])], [bucketOf(300), 1]);
    assert.deepEqual([...(second?.roundTrip ?? [])], [bucketOf(500), 1]);
  });

  it("are told of several together where there are many", () => {
    const held = (rate: number) => ({ for: 2, rate: { from: rate, to: rate } });
    assert.deepEqual(toldStages([held(5), { for: 1, connections: { from: 1, to: 9 } }]), [
      { fromS: 0, forS: 2, rate: { from: 5, to: 5 }, connections: null },
      { fromS: 2, forS: 1, rate: null, connections: { from: 1, to: 9 } },
    ]);
    const day = toldStages(Array.from({ length: 130 }, (_, at) => held(at)));
    assert.equal(day.length, 44);
    assert.deepEqual(day[1], { fromS: 6, forS: 6, rate: { from: 3, to: 5 }, connections: null });
    assert.deepEqual(day[43], { fromS: 258, forS: 2, rate: { from: 129, to: 129 }, connections: null });
  });
});
