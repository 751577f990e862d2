import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LinkOutcome, linkRuns } from "#wsrally/judge/history/link-runs.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { latency, makeArm, makeDocument, makeTrial } from "../../report/run-documents.js";

const configs = { reference: "aa11", old: "bb22", new: "cc33" };

/** A run of the reference config, whose p50 is 100 µs, and of another arm at these ratios to it, block by block. */
function runOf(config: keyof typeof configs, ratios: readonly number[], scaleUs = 100): RunDocument {
  const arm = (name: string, sha: string, factors: readonly number[]) =>
    makeArm(name, {
      proxy: { kind: "nginx", version: "1.31.3", configSha256: sha, build: null, changes: [] },
      trials: factors.map((factor, block) =>
        makeTrial(block, { latencyUs: { roundTrip: latency(scaleUs * factor) }, proxyCost: null }),
      ),
    });
  const base = makeDocument();
  const arms = ["on", "off"].map((name) => ({ ...base.scenario.arms[0], name }) as never);
  return makeDocument({
    scenario: { ...base.scenario, metrics: ["roundTrip.p50"], arms },
    arms: [
      arm(
        "on",
        configs.reference,
        ratios.map(() => 1),
      ),
      arm("off", configs[config], ratios),
    ],
  });
}

/** Walsh bounds of eight values that lie evenly around a centre, as factors. */
const around = (centre: number): number[] =>
  [-4, -3, -2, -1, 1, 2, 3, 4].map((step) => centre * Math.exp(step / 100));

function linksOf(outcome: LinkOutcome) {
  assert.equal(outcome.kind, "linked", outcome.kind === "refused" ? outcome.reason : "");
  return outcome.kind === "linked" ? outcome.links : [];
}

function reasonOf(outcome: LinkOutcome): string {
  return outcome.kind === "refused" ? outcome.reason : "linked";
}

describe("linkRuns()", () => {
  it("divides the ratios to the shared arm, whatever the machines' speeds", () => {
    const [link, ...others] = linksOf(
      linkRuns(runOf("old", around(1.2), 100), runOf("new", around(1.5), 900)),
    );
    assert.deepEqual(others, []);
    assert.deepEqual([link?.oldArm, link?.newArm, link?.shared.configSha256], ["off", "off", "aa11"]);
    const [metric] = link?.metrics ?? [];
    assert.ok(Math.abs((metric?.oldRatio ?? 0) - 1.2) < 1e-9);
    assert.ok(Math.abs((metric?.newRatio ?? 0) - 1.5) < 1e-9);
    assert.ok(Math.abs((metric?.ratio ?? 0) - 1.25) < 1e-9);
  });

  it("adds the errors of both: the interval is wider than either run's own", () => {
    const widthOf = (older: RunDocument, newer: RunDocument): number => {
      const metric = linksOf(linkRuns(older, newer))[0]?.metrics[0];
      return Math.log((metric?.ciHigh ?? 0) / (metric?.ciLow ?? 0));
    };
    const still = runOf(
      "old",
      Array.from({ length: 8 }, () => 1.2),
    );
    const one = widthOf(still, runOf("new", around(1.5)));
    const both = widthOf(runOf("old", around(1.2)), runOf("new", around(1.5)));
    assert.ok(Math.abs(both / one - Math.SQRT2) < 1e-6, `${both} / ${one}`);
  });

  it("gives the reciprocal the other way round, and 1 for a run and itself", () => {
    const [a, b] = [runOf("old", around(1.2)), runOf("new", around(1.5))];
    const ratio = (older: RunDocument, newer: RunDocument) =>
      linksOf(linkRuns(older, newer))[0]?.metrics[0]?.ratio;
    assert.ok(Math.abs((ratio(a, b) ?? 0) * (ratio(b, a) ?? 0) - 1) < 1e-12);
    const [self] = linksOf(linkRuns(a, a));
    assert.deepEqual([self?.isSameConfig, self?.metrics[0]?.ratio], [true, 1]);
  });

  it("has no interval below six blocks, and leaves out blocks with a disqualified trial", () => {
    const few = linksOf(linkRuns(runOf("old", [1.2, 1.2]), runOf("new", around(1.5))))[0]?.metrics[0];
    assert.deepEqual([few?.ciLow, few?.ciHigh], [null, null]);
    assert.ok(few?.ratio);
    const spoilt = runOf("new", [...around(1.5), 40]);
    const last = spoilt.arms[1]?.trials.at(-1);
    if (last !== undefined) last.disqualified = true;
    const link = linksOf(linkRuns(runOf("old", around(1.2)), spoilt))[0];
    assert.ok(Math.abs((link?.metrics[0]?.ratio ?? 0) - 1.25) < 1e-9);
  });

  describe("refuses", () => {
    const older = runOf("old", around(1.2));
    const newer = runOf("new", around(1.5));
    const withReference = (changes: object): RunDocument => ({
      ...newer,
      arms: newer.arms.map((arm) =>
        arm.name === "on" ? { ...arm, proxy: { ...arm.proxy, ...changes } } : arm,
      ),
    });

    it("runs without an arm of the same config", () => {
      assert.match(
        reasonOf(linkRuns(older, withReference({ configSha256: "dd44" }))),
        /share no arm with the same config/,
      );
      assert.match(reasonOf(linkRuns(older, withReference({ configSha256: null }))), /share no arm/);
    });

    it("another version of the shared arm's proxy", () => {
      assert.match(
        reasonOf(linkRuns(older, withReference({ version: "1.22.1" }))),
        /ran on nginx 1\.31\.3 and on nginx 1\.22\.1/,
      );
    });

    it("another load on the shared arm, but not another seed or length", () => {
      const loaded = (workload: object): RunDocument => ({
        ...newer,
        scenario: {
          ...newer.scenario,
          arms: newer.scenario.arms.map((arm) => ({ ...arm, workload: { ...arm.workload, ...workload } })),
        },
      });
      assert.match(
        reasonOf(linkRuns(older, loaded({ connections: 5 }))),
        /another load: connections 1000 and 5/,
      );
      assert.equal(linkRuns(older, loaded({ seed: 7, blocks: 60, maxSeconds: 9 })).kind, "linked");
    });

    it("runs with nothing beside the shared arm", () => {
      const alone = { ...newer, arms: newer.arms.slice(0, 1) };
      assert.match(reasonOf(linkRuns(older, alone)), /neither has an arm beside/);
    });
  });
});
