import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reportData } from "#wsrally/report/html/report-data.js";
import { sliceChart } from "#wsrally/report/html/slice-data.js";
import { equivalentDocument, makeArm, makeSlices, makeTrial, stalledDocument } from "../run-documents.js";

describe("the page's data", () => {
  it("has every slice in its place, and says which are stalls, and whose", () => {
    const { slices } = reportData(stalledDocument(), new Map());
    assert.equal(slices?.name, "wire p99 of slices");
    const stalls = slices?.slices.map((places) =>
      places.flatMap(({ block, us, stall }) => (stall === null ? [] : [`${stall} ${us} in block ${block}`])),
    );
    assert.deepEqual(stalls, [
      ["machine 18000 in block 10"],
      ["proxy 20000 in block 5", "proxy 9000 in block 5"],
    ]);
    const [first, second] = slices?.slices[1] ?? [];
    assert.ok(Math.abs((second?.atS ?? 0) - (first?.atS ?? 0) - 0.1) < 1e-9);
  });

  it("puts what the verdict rests on before all else that is drawn over time", () => {
    const { times } = reportData(stalledDocument(), new Map());
    assert.deepEqual(
      times.slice(0, 2).map(({ name }) => name),
      ["wire p50", "wire steady p99"],
    );
    assert.equal(reportData(equivalentDocument, new Map()).times[0]?.name, "round trip p50");
  });

  it("draws no slices of a run that has none, nor a cloud of them", () => {
    assert.equal(reportData(equivalentDocument, new Map()).slices, null);
    const trials = Array.from({ length: 601 }, (_, block) => makeTrial(block, { slices: makeSlices() }));
    assert.equal(sliceChart([makeArm("on", { trials })]), null);
    assert.notEqual(sliceChart([makeArm("on", { trials: trials.slice(1) })]), null);
  });
});
