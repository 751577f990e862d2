import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPaint } from "#wsrally/report/draw/paint.js";
import { renderResidence } from "#wsrally/report/run/residence-section.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import { latency, makeArm, makeDocument, makeTrial } from "../run-documents.js";

const page = { width: 110, paint: createPaint({ colour: false }) };
const way = { came: 10_000, left: 10_000, strays: 0 };
const seen: NonNullable<TrialResult["residence"]> = {
  ...{ up: way, down: way, packets: 40_000, dropped: 0, busyShare: 0.031, problem: null },
  connections: { opened: 1000, passedOn: 1000, lost: 0 },
};

function armOf(name: string, residence: typeof seen): ReturnType<typeof makeArm> {
  const trial = makeTrial(0);
  const figures = residence.problem === null ? { residenceUp: latency(30), residenceDown: latency(40) } : {};
  return makeArm(name, { trials: [{ ...trial, residence, latencyUs: { ...trial.latencyUs, ...figures } }] });
}

describe("renderResidence()", () => {
  it("says nothing where nobody asked", () => {
    assert.deepEqual(renderResidence(makeDocument(), page), []);
  });

  it("says each way, what watching took, and why there is no figure", () => {
    const problem = "900 of 41000 packets were lost in watching";
    const arms = [armOf("nginx", seen), armOf("other", { ...seen, dropped: 900, problem })];
    const text = renderResidence(makeDocument({ arms }), page).join("\n");
    assert.match(
      text,
      /nginx {2}to the backend +30\.0 µs +45\.0 µs +102 µs +270 µs +720 µs\n +to the clients +40\.0 µs/,
    );
    assert.match(text, /other {2}to the backend +- +- +- +- +-\n/);
    assert.match(text, /no figure: 900 of 41000 packets were lost in watching/);
    assert.match(text, /watching took 3\.1 %\s+of a processor at most/);
  });
});
