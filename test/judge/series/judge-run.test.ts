import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPrng } from "#wsrally/base/prng.js";
import { createRunJudge } from "#wsrally/judge/series/judge-run.js";
import { runWarnings } from "#wsrally/judge/series/run-warnings.js";
import type { ArmResult, RunDocument } from "#wsrally/results/run-document.js";
import type { TrialResult } from "#wsrally/results/trial-schema.js";
import type { Scenario, ScenarioInput } from "#wsrally/scenario/scenario.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { resolveAsWritten } from "../../support/resolve-as-written.js";

function scenarioOf(input: ScenarioInput, overrides: WorkloadInput = {}): Scenario {
  return resolveAsWritten(input, { name: "t", overrides });
}

interface Figures {
  readonly p50: number;
  readonly cpu: number | null;
  readonly count?: number;
  readonly stalls?: number;
}

function trialOf(block: number, { p50, cpu, count = 20_000, stalls = 0 }: Figures): TrialResult {
  const tail = { p99: p50 * 3, p999: p50 * 5, max: p50 * 9, steadyP99: count < 2500 ? null : p50 * 2 };
  const summary = { count, mean: p50, p50, p90: p50 * 1.5, ...tail };
  return {
    block,
    position: 0,
    startedAt: "2026-01-01T00:00:00.000Z",
    durationS: 1,
    warmupS: 1,
    engine: "ws",
    connections: { requested: 10, opened: 10, failed: 0, held: 10 },
    messages: { sent: count, received: count },
    accounting: { clientSent: count, backendReceived: count, backendSent: count, clientReceived: count },
    throughputPerS: count,
    offeredPerS: count,
    latencyUs: { roundTrip: summary, response: summary },
    stallsPerS: stalls,
    failures: [],
    proxyCost: { cpuUsPerMessage: cpu, cpuShare: null, rssBytes: null, rssBytesPerConnection: null },
    generator: { cpuShare: 0.2, sendLagUsP99: 900, healthy: true, reasons: [] },
    backendCpuShare: 0.2,
    proxyLog: [],
    disqualified: false,
    disqualifiedBecause: [],
  };
}

/** Arms whose figures are the factor's times a common, noisy level, block by block. */
function armsOf(factors: Readonly<Record<string, number>>, blocks: number, noise = 0.02): ArmResult[] {
  const prng = createPrng(11);
  const proxy = { kind: "nginx", version: "1.31.3", configSha256: null, build: null, changes: [] };
  return Object.entries(factors).map(([name, factor]) => ({
    name,
    group: "",
    proxy,
    ratePerS: 20_000,
    saturatedPerS: null,
    trials: Array.from({ length: blocks }, (_, block) => {
      const level = factor * (1 + noise * (prng.nextFloat() - 0.5));
      return trialOf(block, { p50: 200 * level, cpu: 9 * level });
    }),
  }));
}

const twoArms = {
  arms: [
    { arm: "nginx", name: "a" },
    { arm: "nginx", name: "b" },
  ],
};

describe("createRunJudge()", () => {
  it("decides nothing before its first look, and then at it", () => {
    const judge = createRunJudge(scenarioOf(twoArms));
    assert.equal(judge.judge(armsOf({ a: 1, b: 1 }, 11), { ended: false }), false);
    assert.deepEqual([...new Set(judge.comparisons().flatMap(({ reasons }) => reasons))], ["no-look-yet"]);
    assert.equal(judge.judge(armsOf({ a: 1, b: 1 }, 12), { ended: false }), true);
    const shown = judge.comparisons().map(({ metric, verdict, ratio, difference }) => {
      assert.ok(metric === "stallsPerS" ? difference === 0 : Math.abs((ratio ?? 0) - 1) < 0.01, metric);
      return `${metric} ${verdict}`;
    });
    assert.deepEqual(shown, [
      "roundTrip.p50 equivalent",
      "roundTrip.steadyP99 equivalent",
      "cpuUsPerMessage equivalent",
      "stallsPerS equivalent",
    ]);
    // The tail of the whole window is shown, and decides nothing.
    assert.deepEqual(
      judge.readings().map(({ metric, blocks }) => [metric, blocks]),
      [["roundTrip.p99", 12]],
    );
  });

  it("finds a slowdown, with the interval above 1 and the decision bounds around it", () => {
    const judge = createRunJudge(scenarioOf(twoArms));
    judge.judge(armsOf({ a: 1, b: 1.3 }, 12), { ended: false });
    const ofRatios = judge.comparisons().filter(({ metric }) => metric !== "stallsPerS");
    assert.equal(ofRatios.length, 3);
    for (const { verdict, ratio, ciLow, ciHigh, decisionLow, margin } of ofRatios) {
      assert.equal(verdict, "worse");
      assert.ok(
        (decisionLow ?? 0) <= (ciLow ?? 0) && (ciLow ?? 0) <= (ratio ?? 0) && (ratio ?? 0) <= (ciHigh ?? 0),
      );
      assert.ok((decisionLow ?? 0) > 1);
      assert.ok(margin === 0.05 || margin === 0.1);
    }
  });

  it("keeps a judgement once it has decided, when the run's end asks again", () => {
    const judge = createRunJudge(scenarioOf(twoArms));
    judge.judge(armsOf({ a: 1, b: 1 }, 12), { ended: false });
    const decided = judge.comparisons();
    judge.judge(armsOf({ a: 1, b: 1 }, 12), { ended: true });
    assert.deepEqual(judge.comparisons(), decided);
  });

  it("looks once, at the end, when the number of blocks was asked for", () => {
    const judge = createRunJudge(scenarioOf(twoArms, { blocks: 20 }));
    assert.deepEqual(judge.plan.looks, [20]);
    assert.equal(judge.judge(armsOf({ a: 1, b: 1.3 }, 12), { ended: false }), false);
    assert.equal(judge.judge(armsOf({ a: 1, b: 1.3 }, 20), { ended: false }), true);
  });

  it("says too few blocks below eight", () => {
    const judge = createRunJudge(scenarioOf(twoArms, { blocks: 5 }));
    judge.judge(armsOf({ a: 1, b: 2 }, 5), { ended: true });
    for (const { verdict, reasons } of judge.comparisons()) {
      assert.deepEqual([verdict, reasons], ["inconclusive", ["too-few-blocks"]]);
    }
  });

  it("shares the error budget out among groups and needs all of them", () => {
    const scenario = scenarioOf({
      arms: [{ arm: "nginx", name: "n" }],
      matrix: { tls: ["off", "on"], payload: ["64", "800"] },
    });
    const judge = createRunJudge(scenario);
    assert.equal(judge.plan.alpha, 0.005);
    const [a, b, c, d] = scenario.arms.map(({ name }) => name) as [string, string, string, string];
    assert.equal(judge.judge(armsOf({ [a]: 1, [b]: 1, [c]: 1, [d]: 1 }, 12), { ended: false }), true);
    assert.equal(judge.comparisons().length, 8);
  });

  it("takes no percentile from too few messages", () => {
    const judge = createRunJudge(scenarioOf(twoArms));
    const arms = armsOf({ a: 1, b: 1 }, 12).map((arm) => ({
      ...arm,
      trials: arm.trials.map(({ block }) => trialOf(block, { p50: 200, cpu: 9, count: 2499 })),
    }));
    judge.judge(arms, { ended: true });
    const tail = judge.comparisons().find(({ metric }) => metric === "roundTrip.steadyP99");
    assert.deepEqual([tail?.verdict, tail?.reasons], ["inconclusive", ["not-measured"]]);
    assert.equal(judge.comparisons().find(({ metric }) => metric === "roundTrip.p50")?.blocks, 12);
  });

  for (const [what, stalls, verdict, isEnough] of [
    ["calls more stalls worse", [1, 1, 2], "worse", true],
    // Half of the trials have one: too little to be sure of, and never a reason to go on.
    ["waits for no verdict on stalls", [0, 0, 1, 0, 0], null, true],
    ["calls fewer stalls nothing", [-2, -1, -3], null, true],
    // One in most trials: it would count, if it were proven.
    ["goes on where it looks like more stalls", [1, 1, 0], "inconclusive", false],
  ] as const) {
    it(what, () => {
      const judge = createRunJudge(scenarioOf(twoArms));
      const arms = armsOf({ a: 1, b: 1 }, 12).map((arm) => ({
        ...arm,
        trials: arm.trials.map((trial, block) => {
          const more = stalls[block % stalls.length] ?? 0;
          return { ...trial, stallsPerS: Math.max(0, arm.name === "b" ? more : -more) + (block % 4) };
        }),
      }));
      assert.equal(judge.judge(arms, { ended: false }), isEnough);
      const found = judge.comparisons().find(({ metric }) => metric === "stallsPerS");
      const read = judge.readings().find(({ metric }) => metric === "stallsPerS");
      assert.equal(found?.verdict ?? null, verdict);
      assert.deepEqual([found === undefined, read !== undefined], [verdict === null, verdict === null]);
      const { ratio, difference, differenceLow, differenceHigh } = found ?? read ?? {};
      assert.equal(ratio, null);
      assert.ok((differenceLow ?? Number.NaN) <= (difference ?? Number.NaN));
      assert.ok((difference ?? Number.NaN) <= (differenceHigh ?? Number.NaN));
      const others = judge.comparisons().filter(({ metric }) => metric !== "stallsPerS");
      assert.deepEqual([...new Set(others.map((one) => one.verdict))], ["equivalent"]);
    });
  }

  it("cannot tell where stalls are all that is compared, and nothing is proven of them", () => {
    const judge = createRunJudge(scenarioOf({ ...twoArms, compare: { metrics: ["stallsPerS"] } }));
    const arms = armsOf({ a: 1, b: 1 }, 16).map((arm) => ({
      ...arm,
      trials: arm.trials.map((trial, block) => ({
        ...trial,
        stallsPerS: arm.name === "b" && block % 3 === 0 ? 1 : 0,
      })),
    }));
    assert.equal(
      judge.judge(
        arms.map((arm) => ({ ...arm, trials: arm.trials.slice(0, 5) })),
        { ended: false },
      ),
      false,
    );
    const verdicts = () => judge.comparisons().map(({ metric, verdict }) => [metric, verdict]);
    assert.deepEqual(verdicts(), [["stallsPerS", "inconclusive"]], "between looks");
    judge.judge(arms, { ended: true });
    assert.deepEqual(verdicts(), [["stallsPerS", "inconclusive"]]);
  });

  it("leaves a run of one arm without comparisons, and never enough", () => {
    const judge = createRunJudge(scenarioOf({ arms: ["nginx"] }));
    assert.equal(judge.judge(armsOf({ nginx: 1 }, 14), { ended: true }), false);
    assert.deepEqual(judge.comparisons(), []);
  });
});

describe("runWarnings()", () => {
  const document = (arms: ArmResult[]): RunDocument =>
    ({
      status: "complete",
      environment: {},
      arms,
      scenario: { metrics: ["roundTrip.p50", "roundTrip.p99"], pairs: [{ baseline: "a", candidate: "b" }] },
    }) as unknown as RunDocument;
  const codes = (arms: ArmResult[]): string[] => runWarnings(document(arms)).map(({ code }) => code);

  it("has nothing to say of a good run", () => assert.deepEqual(codes(armsOf({ a: 1, b: 1 }, 12)), []));

  it("says what is no proxy, what was not restarted, what was too little and what is out", () => {
    const [a, b] = armsOf({ a: 1, b: 1 }, 3) as [ArmResult, ArmResult];
    const out = {
      ...trialOf(0, { p50: 1, cpu: 1, count: 10 }),
      disqualified: true,
      disqualifiedBecause: ["sends-late"],
    };
    assert.deepEqual(
      codes([
        { ...a, proxy: { ...a.proxy, kind: "embedded" }, trials: [out] },
        { ...b, proxy: { ...b.proxy, kind: "url" } },
      ]),
      ["embedded-relay", "instance-not-restarted", "too-few-blocks", "few-messages", "trials-disqualified"],
    );
  });

  it("says which arm was at work in the slots of others", () => {
    const [a, b] = armsOf({ a: 1, b: 1 }, 12) as [ArmResult, ArmResult];
    const idle = ({ trials }: ArmResult, idleCpuShare: number) =>
      trials.map((trial) => ({
        ...trial,
        proxyCost: { ...(trial.proxyCost as NonNullable<typeof trial.proxyCost>), idleCpuShare },
      }));
    assert.deepEqual(
      codes([
        { ...a, trials: idle(a, 0) },
        { ...b, trials: idle(b, 0.004) },
      ]),
      [],
    );
    assert.deepEqual(
      codes([
        { ...a, trials: idle(a, 0) },
        { ...b, trials: idle(b, 0.02) },
      ]),
      ["idle-work"],
    );
  });
});
