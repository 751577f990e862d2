import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPaint } from "#wsrally/report/draw/paint.js";
import { renderGeneratorHealth } from "#wsrally/report/run/health-section.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import { makeArm, makeDocument, makeTrial } from "../run-documents.js";

const page = { width: 200, paint: createPaint({ colour: false }) };

function said(generators: readonly Partial<TrialResult["generator"]>[]): string {
  const trials = generators.map((changes, block) => {
    const trial = makeTrial(block);
    return { ...trial, generator: { ...trial.generator, ...changes } };
  });
  return renderGeneratorHealth(makeDocument({ arms: [makeArm("nginx", { trials })] }), page).join("\n");
}

describe("renderGeneratorHealth()", () => {
  it("says what the generator adds to a round trip, by the median trial", () => {
    const text = said([
      { wireGapUsP50: 20, wireGapUsP99: 150 },
      { wireGapUsP50: 22, wireGapUsP99: 190 },
      { wireGapUsP50: 900, wireGapUsP99: 9000 },
    ]);
    assert.match(text, /its own part of a round trip 22\.0 µs of the p50, 190 µs of its p99/);
  });

  it("leaves the tail out where there were too few replies for one, and in documents of earlier versions", () => {
    for (const wireGapUsP99 of [null, undefined]) {
      const text = said([{ wireGapUsP50: 22, ...(wireGapUsP99 === undefined ? {} : { wireGapUsP99 }) }]);
      assert.match(text, /22\.0 µs of the p50$/m);
    }
  });

  it("says nothing of it without stamps", () => {
    assert.doesNotMatch(said([{ wireGapUsP50: null, wireGapUsP99: null }]), /its own part/);
  });
});
