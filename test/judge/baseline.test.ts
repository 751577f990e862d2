import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asksTheSame, movedWarnings, otherMachine } from "#wsrally/judge/history/match-baseline.js";
import { toBaseline } from "#wsrally/judge/history/to-baseline.js";
import { planFromBaseline } from "#wsrally/judge/series/plan-from-baseline.js";
import { baselinePlanWords } from "#wsrally/report/history/baseline-words.js";
import { type Baseline, baselineSchema } from "#wsrally/results/baseline-schema.js";
import { machineOf } from "#wsrally/results/machine-schema.js";
import { sortedJson } from "#wsrally/results/sorted-json.js";
import { latency, makeArm, makeComparison, makeDocument, makeTrial } from "../report/run-documents.js";
import { fc } from "../support/seeded-fast-check.js";

const document = makeDocument({
  scenario: { ...makeDocument().scenario, metrics: ["roundTrip.p50"] },
  comparisons: [
    makeComparison({ ratio: 1.02, ciLow: 1, ciHigh: 1.04 }),
    makeComparison({ metric: "throughputPerS" }),
  ],
});
const stored = baselineSchema.parse(toBaseline(document, "site"));

const withComparison = (changes: Partial<Baseline["comparisons"][number]>): Baseline => ({
  ...stored,
  comparisons: stored.comparisons.map((comparison) => ({ ...comparison, ...changes })),
});

describe("toBaseline()", () => {
  it("keeps what planning needs: standard errors, time, medians of the trials that count", () => {
    const [comparison, ...others] = stored.comparisons;
    assert.equal(others.length, 0, "throughput was not asked for");
    assert.ok(Math.abs((comparison?.se ?? 0) - Math.log(1.04) / 3.919928) < 1e-6);
    assert.equal(stored.secondsPerBlock, 3.53077, "45.9 s from block 0 to block 13");
    const spoilt = makeTrial(14, { latencyUs: { roundTrip: latency(9e6) }, disqualified: true });
    const arms = [makeArm("on", { trials: [makeTrial(0), spoilt] }), makeArm("off")];
    const [on] = toBaseline({ ...document, arms }, "x").arms;
    assert.equal(on?.trials, 1);
    assert.ok((on?.medians["roundTrip.p50"] ?? 0) < 200);
  });

  it("holds no path of the machine, in keys that are sorted", () => {
    const arms = document.arms.map((arm) => ({
      ...arm,
      proxy: {
        ...arm.proxy,
        build: "configure arguments: --prefix=/usr/local/nginx",
        changes: ["/home/x/site.conf: pid"],
      },
    }));
    const scenario = {
      ...document.scenario,
      arms: document.scenario.arms.map((arm) => ({
        ...arm,
        arm: "nginx:/home/x/site.conf",
        workload: { ...arm.workload, caFile: "/home/x/ca.pem" },
      })),
    };
    const text = sortedJson(toBaseline({ ...document, arms, scenario }, "site"));
    assert.doesNotMatch(text, /\/(usr|home)\//);
    const keys = [...text.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key);
    assert.deepEqual(keys, [...keys].sort());
    assert.ok(keys.length > 8);
  });
});

describe("planFromBaseline()", () => {
  it("asks for the look whose own level has enough blocks", () => {
    // se 1 % in 14 blocks, margin 5 %, one comparison, the first level .0012, and for equality .01:
    // 14 · ((3.036 + .842) · .01 / .04879)² = 8.8, and 14 · ((2.326 + 1.282) · .01 / .04879)² = 7.7.
    const plan = planFromBaseline(withComparison({ se: 0.01, blocks: 14, margin: 0.05 }));
    assert.deepEqual([plan.blocks, plan.seconds], [12, 13 * 3.53077]);
    // At 2 %: 34.1 and 35.0 at the levels of the look at 28, .0015 and .005; 32.6 and 32.4 at those of 40.
    const noisy = planFromBaseline(withComparison({ se: 0.02, blocks: 14, margin: 0.05 }));
    assert.deepEqual([noisy.comparisons[0]?.blocksToSee, noisy.comparisons[0]?.blocksToProve], [40, 40]);
    // At 4 %, the last levels, .0035 and .01: 14 · ((2.697 + .842) · .04 / .04879)² = 117.8, and 122.5 for equality.
    const wild = planFromBaseline(withComparison({ se: 0.04, blocks: 14, margin: 0.05 }));
    assert.equal(wild.comparisons[0]?.blocksToSee, 118);
    assert.match(
      baselinePlanWords(stored, wild, 120),
      /130 blocks, and the last look is at 60: some will stay/,
    );
  });

  it("asks for no fewer blocks when the error or the family is larger", () => {
    const someSe = fc.double({ min: 0.001, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(someSe, fc.double({ min: 1, max: 3, noNaN: true }), (se, factor) => {
        const need = (baseline: Baseline): number => planFromBaseline(baseline).blocks ?? 0;
        const one = withComparison({ se, blocks: 24 });
        assert.ok(need(withComparison({ se: se * factor, blocks: 24 })) >= need(one));
        assert.ok(need({ ...one, comparisons: [...one.comparisons, ...one.comparisons] }) >= need(one));
      }),
    );
  });

  it("foretells nothing of a comparison without a standard error, and says so", () => {
    const none = planFromBaseline(withComparison({ se: null }));
    assert.deepEqual([none.blocks, none.seconds, none.unknown], [null, null, ["roundTrip.p50"]]);
    assert.match(baselinePlanWords(stored, none, 120), /too few blocks to tell/);
  });

  it("says when the time given will not do", () => {
    const plan = planFromBaseline(withComparison({ se: 0.02, blocks: 14 }));
    const words = baselinePlanWords(stored, plan, 60);
    assert.match(
      words,
      /40 blocks should decide every comparison, in about 2:25 min; the 60 s given hold about 15, and --max-seconds 145/,
    );
    assert.doesNotMatch(baselinePlanWords(stored, plan, 600), /given/);
  });
});

describe("a stored baseline and a run", () => {
  const here = machineOf(document.environment);

  it("ask the same: scenario, arms, load, metrics", () => {
    assert.ok(asksTheSame(stored, document));
    const { scenario } = document;
    const [arm] = scenario.arms;
    const others: Partial<typeof scenario>[] = [
      { name: "other" },
      { arms: scenario.arms.slice(0, 1) },
      { arms: scenario.arms.map((one) => ({ ...one, name: `${one.name}2` })) },
      { arms: scenario.arms.map((one) => ({ ...one, workload: { ...arm?.workload, connections: 5 } })) },
      { metrics: ["roundTrip.p99"] },
    ];
    for (const changes of others) {
      assert.ok(
        !asksTheSame(stored, { ...document, scenario: { ...scenario, ...changes } }),
        JSON.stringify(changes),
      );
    }
  });

  it("are of one machine, or every difference is told", () => {
    assert.equal(otherMachine(stored, here), null);
    assert.equal(
      otherMachine(stored, { ...here, kernel: "6.1.0-99-amd64", memoryBytes: here.memoryBytes * 1.01 }),
      null,
    );
    const rows: readonly (readonly [Partial<typeof here>, RegExp])[] = [
      [{ cpuModel: "Intel 8086" }, /^processor AMD EPYC 7763 64-Core Processor there, Intel 8086 here$/],
      [{ cpus: 4 }, /number of processors 2 there, 4 here/],
      [{ kernel: "6.8.0" }, /kernel 6\.1 there, 6\.8 here/],
      [{ node: "24.0.0" }, /Node 20\.20 there, 24\.0 here/],
      [{ arch: "arm64" }, /Linux x64 there, Linux arm64 here/],
      [{ memoryBytes: here.memoryBytes * 2 }, /memory 7\.8 GiB there, 15\.5 GiB here/],
      [
        { hypervisor: "QEMU", container: "docker" },
        /hypervisor unknown there, QEMU here; container unknown there, docker here/,
      ],
    ];
    for (const [changes, words] of rows)
      assert.match(otherMachine(stored, { ...here, ...changes }) ?? "", words);
  });

  it("lead to a warning when the baseline arm moved more than 3 times, either way, and to no more", () => {
    const at = (factor: number, changes: Partial<typeof document> = {}) =>
      movedWarnings(stored, {
        ...document,
        arms: document.arms.map((arm) => ({
          ...arm,
          trials: arm.trials.map((trial, i) =>
            makeTrial(i, {
              latencyUs: { roundTrip: latency((trial.latencyUs.roundTrip.p50 ?? 0) * factor) },
            }),
          ),
        })),
        ...changes,
      });
    for (const factor of [0.4, 1, 2.9]) assert.deepEqual(at(factor), [], String(factor));
    for (const factor of [0.3, 3.1]) {
      const [warning, ...others] = at(factor);
      assert.equal(others.length, 0, "the candidate is not looked at");
      assert.equal(warning?.code, "stored-baseline-moved");
      assert.match(
        warning?.message ?? "",
        /^on: roundTrip\.p50 (0\.30|3\.1) times what it was in the stored baseline site/,
      );
    }
    assert.deepEqual(at(10, { environment: { ...document.environment, cpus: 64 } }), []);
    const otherConfig = document.arms.map((arm) => ({ ...arm, proxy: { ...arm.proxy, version: "1.22.1" } }));
    assert.deepEqual(at(10, { arms: otherConfig }), []);
  });
});
