import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { baselineMoved } from "#wsrally/judge/history/baseline-moved.js";
import { findEarlierRun } from "#wsrally/results/earlier-run.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { latency, makeArm, makeDocument, makeTrial } from "../../report/run-documents.js";
import { withFolder } from "../../support/with-folder.js";

function withP50(p50: number, changes: Partial<RunDocument> = {}): RunDocument {
  const trials = Array.from({ length: 8 }, (_, block) =>
    makeTrial(block, { latencyUs: { roundTrip: latency(p50) } }),
  );
  return makeDocument({ arms: [makeArm("on", { trials }), makeArm("off", { trials })], ...changes });
}

describe("baselineMoved()", () => {
  for (const [what, now, before, warnings] of [
    ["three times as slow and more", 400, 121, 1],
    ["three times as fast and more", 121, 400, 1],
    ["noise", 200, 121, 0],
  ] as const) {
    it(`says ${warnings} of ${what}`, () => {
      const found = baselineMoved(withP50(now), withP50(before));
      assert.equal(found.length, warnings);
      for (const { code, message } of found) {
        assert.equal(code, "baseline-moved");
        assert.match(message, /^on: its median round trip is \d\.?\d* times/);
      }
    });
  }

  it("says nothing of another config or another load", () => {
    const other = withP50(500);
    const [on, off] = other.arms as [RunDocument["arms"][number], RunDocument["arms"][number]];
    const config = { ...other, arms: [{ ...on, proxy: { ...on.proxy, configSha256: "0" } }, off] };
    assert.deepEqual(baselineMoved(withP50(100), config), []);
    const [first, second] = other.scenario.arms as [
      RunDocument["scenario"]["arms"][number],
      RunDocument["scenario"]["arms"][number],
    ];
    const loaded = { ...first, workload: { ...first.workload, connections: 9 } };
    const load = { ...other, scenario: { ...other.scenario, arms: [loaded, second] } };
    assert.deepEqual(baselineMoved(withP50(100), load), []);
  });
});

describe("findEarlierRun()", () => {
  it("finds the last complete run of the same scenario, past what is broken", async () => {
    await withFolder(async (out) => {
      const store = (runId: string, document: object | string): void => {
        mkdirSync(join(out, runId));
        writeFileSync(
          join(out, runId, "run.json"),
          typeof document === "string" ? document : JSON.stringify({ ...document, runId }),
        );
      };
      store("2026-01-01T00-00-00-nginx-buffering-0001", withP50(1));
      store("2026-01-02T00-00-00-nginx-buffering-0001", withP50(2));
      store("2026-01-03T00-00-00-nginx-buffering-0001", withP50(3, { status: "interrupted" }));
      store("2026-01-04T00-00-00-nginx-buffering-0001", "{");
      store("2026-01-05T00-00-00-nginx-buffering-aa-0001", withP50(5));
      store("2026-01-07T00-00-00-nginx-buffering-0001", withP50(7));
      const now = withP50(6, { runId: "2026-01-06T00-00-00-nginx-buffering-0001" });
      assert.equal(findEarlierRun(out, now)?.runId, "2026-01-02T00-00-00-nginx-buffering-0001");
      assert.equal(findEarlierRun(join(out, "nowhere"), now), null);
    });
  });
});
