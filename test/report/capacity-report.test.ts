/**
 * A search from its steps to the terminal: an M/D/1 queue of 10,000 messages a second, searched by hand-made trials.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { capacityPlan } from "#wsrally/judge/capacity/capacity-plan.js";
import { capacityWarnings, type SearchEnd } from "#wsrally/judge/capacity/capacity-warnings.js";
import { displayWidth } from "#wsrally/report/draw/plain-text.js";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { renderTerminalReport } from "#wsrally/report/run/terminal-report.js";
import type { CapacityStepResult } from "#wsrally/results/capacity-schema.js";
import { parsePlanWish } from "#wsrally/scenario/plan-wish.js";
import { costSteps, makeCapacityDocument, searched, step, summary } from "./search-documents.js";

function near(value: number | null | undefined, wanted: number, tolerance = 0.03): void {
  assert.ok(value != null && Math.abs(value / wanted - 1) < tolerance, `${value} is not near ${wanted}`);
}

describe("summariseArm()", () => {
  const arm = summary([...searched(), ...costSteps()]);

  it("has the rate at which the mean of an M/D/1 queue reaches the limit", () => {
    // 1 + ρ / (2 (1 − ρ)) = 10 gives ρ = 18/19.
    near(arm.ratePerS?.value, (18 / 19) * 10_000, 0.05);
    assert.ok(arm.ratePerS?.isSettled && !arm.ratePerS.isAtLeast && arm.sloMet === true);
  });

  it("has its knee at (2 − √2) of the capacity, with one message under way", () => {
    near(arm.kneePerS?.value, (2 - Math.SQRT2) * 10_000, 0.05);
    near(arm.kneePerS?.inFlight, 1, 0.1);
  });

  it("names the processor as what stops it", () => {
    const [cpu] = arm.limits.filter(({ name }) => name === "proxy-cpu");
    near(cpu?.foretold, 10_000);
    assert.equal(cpu?.measured, arm.ratePerS?.value);
  });

  it("has the costs that the steps were made of", () => {
    near(arm.cost?.cpuUsPerMessage?.fixed.value, 5, 1e-9);
    near(arm.cost?.cpuUsPerMessage?.perKiB.value, 2, 1e-9);
    near(arm.cost?.bytesPerConnection?.value, 20_000, 1e-9);
    near(arm.cost?.baseBytes, 5_000_000, 1e-9);
    near(arm.cost?.cpuUsPerHandshake?.value, 100, 1e-9);
  });

  it("says what it knows of a search that was interrupted, and no more", () => {
    const early = summary(searched().slice(0, 3));
    assert.equal(early.ratePerS, null);
    assert.equal(early.sloMet, true);
    assert.ok((early.closedLoopPerS ?? 0) > 0);
    const none = summary([]);
    assert.deepEqual([none.ratePerS, none.kneePerS, none.connections, none.cost], [null, null, null, null]);
  });

  it("tells an SLO that is kept at no load", () => {
    const history: CapacityStepResult[] = [];
    for (let load = 2250; load > 100; load /= 4) {
      const failed = step("search", load, { outcome: "fail", because: ["missed"] });
      history.push(failed, failed);
    }
    assert.deepEqual([summary(history).ratePerS, summary(history).sloMet], [null, false]);
  });
});

const directives = (connections: number, workers: number): string[] => [`${connections} over ${workers}`];

describe("capacityPlan()", () => {
  const arm = summary([...searched(), ...costSteps()]);

  it("has workers by the lower end, and memory by the slope", () => {
    const plan = capacityPlan(parsePlanWish("200kx1"), arm, {
      scalability: null,
      directives,
      costs: false,
    });
    assert.equal(plan?.workers, Math.ceil(200_000 / (arm.ratePerS?.low ?? 1)));
    near(plan?.memoryBytes, 5_000_000 + 200_000 * 20_000, 1e-9);
    near(plan?.reconnectS, 20 / (plan?.workers ?? 1), 1e-9);
    assert.deepEqual(plan?.directives, [`200000 over ${plan?.workers}`]);
    assert.deepEqual([plan?.workerConnections, plan?.openFilesPerWorker], [null, null]);
    assert.ok((plan?.assumptions.length ?? 0) >= 5);
  });

  it("needs more of workers that get in each other's way, and knows when none would do", () => {
    const wish = parsePlanWish("200000x1");
    const law = { arms: ["queue"], perWorkerPerS: 9000, contention: 0.02, coherency: 0 };
    const lines = ["worker_rlimit_nofile 416;", "events { worker_connections 444; }"];
    const named = capacityPlan(wish, arm, { scalability: null, directives: () => lines, costs: false });
    assert.deepEqual([named?.workerConnections, named?.openFilesPerWorker], [444, 416]);
    const fair = capacityPlan(wish, arm, { scalability: null, directives, costs: false })?.workers ?? 0;
    assert.ok((capacityPlan(wish, arm, { scalability: law, directives, costs: false })?.workers ?? 0) > fair);
    assert.equal(
      capacityPlan(wish, arm, { scalability: { ...law, contention: 0.2 }, directives, costs: false })
        ?.workers,
      null,
    );
  });
});

describe("costs that there was no time for", () => {
  const bare = summary([...searched()]);
  const whole = summary([...searched(), ...costSteps()]);
  const codesOf = (arm: typeof bare, end: SearchEnd): string[] => {
    const { capacity, ...rest } = makeCapacityDocument();
    assert.ok(capacity !== undefined);
    return capacityWarnings(rest, { ...capacity, ...arm, others: [] }, end).map(({ code }) => code);
  };

  it("are a warning where they were asked for, and only there", () => {
    const has = (arm: typeof bare, end: SearchEnd): boolean =>
      codesOf(arm, end).includes("costs-not-measured");
    assert.equal(has(bare, { isCutShort: true, costs: true }), true);
    assert.equal(has(whole, { isCutShort: true, costs: true }), false);
    assert.equal(has(bare, { isCutShort: true, costs: false }), false);
    assert.equal(has(bare, { isCutShort: false, costs: true }), false);
  });

  it("are not advised by a plan to who asked for them", () => {
    const told = (costs: boolean): string =>
      capacityPlan(parsePlanWish("200kx1"), bare, {
        scalability: null,
        directives,
        costs,
      })?.assumptions.join() ?? "";
    assert.match(told(false), /--costs measures it/);
    assert.doesNotMatch(told(true), /--costs measures it/);
    assert.match(told(true), /--max-seconds/);
  });
});

describe("the report of a search", () => {
  const document = makeCapacityDocument();

  for (const width of [24, 60, 80, 120]) {
    it(`keeps to ${width} columns`, () => {
      const lines = renderTerminalReport(document, { width, colour: false, detail: "full" }).split("\n");
      assert.deepEqual(
        lines.filter((line) => displayWidth(line) > width),
        [],
      );
    });
  }

  it("says capacity, knee, ratio, costs and plan, and marks both in the picture", () => {
    const text = renderTerminalReport(document, { width: 120, colour: false, detail: "full" });
    assert.match(
      text,
      /^queue carries 9,467 messages\/s over 1,000 connections within response\.mean < 1ms.*; the limit is near\s+9,\d{3} \(\d,\d{3}-\d{1,2},\d{3}\)/,
    );
    assert.match(text, /the knee is at 5,\d{3} \(/);
    assert.match(text, /other carries 1\.00x \(0\.98-1\.02\) of queue/);
    assert.match(text, / knee\^ .* \^SLO\n +0 +2,000 +4,000 .* [\d,]+\/s\n/);
    assert.match(text, /what stops it: at \d{1,2},\d{3}\/s, response\.mean<1ms: more/);
    assert.match(
      text,
      /For 200,000 connections at 1 msg\/s each queue needs about \d+ workers and 3\.73 GiB of memory/,
    );
    assert.match(text, /proxy-cpu +10,000/);
  });
});

describe("a search's SLO", () => {
  const rowsOf = (changes: Parameters<typeof makeCapacityDocument>[0]): string[] => {
    const text = renderTerminalReport(makeCapacityDocument(changes), {
      width: 100,
      colour: false,
      detail: "full",
    });
    const [, table = ""] = /\nSLO\n([\s\S]*?)\n {2}messages a second/.exec(text) ?? [];
    return table.split("\n").map((line) => line.trim().replace(/ +/g, " "));
  };

  it("is told clause by clause: what each was kept up to, what missed it, and its value there", () => {
    assert.deepEqual(rowsOf({ others: [] }), [
      "arm SLO kept up to there missed from there",
      "limits queue response.mean < 1ms 9,467/s 988 µs 9,658/s 1.51 ms",
      "kept failures == 0 18,000/s 0 - -",
    ]);
  });

  it("leaves out steps that are void, and clauses that no step tells of or that are none", () => {
    const steps = [
      step("search", 2000),
      step("search", 12_000, { outcome: "void", because: ["generator: sends-late"] }),
    ];
    assert.deepEqual(rowsOf({ others: [], steps, slo: ["response.mean < 1us", "no SLO", "tls.p50 < 1s"] }), [
      "arm SLO kept up to there missed from there",
      "missed queue response.mean < 1us - - 2,000/s 113 µs",
    ]);
  });

  const stepWith = (perS: number, meanUs: number): CapacityStepResult => {
    const made = step("search", perS);
    const { response, ...others } = made.trial.latencyUs;
    if (response === undefined) throw new TypeError("The step has no response");
    return {
      ...made,
      trial: { ...made.trial, latencyUs: { ...others, response: { ...response, mean: meanUs } } },
    };
  };
  const noisy: readonly [what: string, readings: readonly [perS: number, isMet: boolean][], row: string][] = [
    [
      "a load that was kept above one that was missed",
      [
        [2000, true],
        [4000, true],
        [5000, false],
        [6000, true],
        [7000, false],
        [8000, false],
      ],
      "limits queue response.mean < 1ms 4,000/s 900 µs 5,000/s 1.10 ms",
    ],
    [
      "one miss far below",
      [
        [1000, false],
        [4000, true],
        [5000, true],
        [6000, false],
      ],
      "limits queue response.mean < 1ms 5,000/s 900 µs 6,000/s 1.10 ms",
    ],
    [
      "the same load kept and missed",
      [
        [4000, true],
        [5000, true],
        [5000, false],
        [6000, false],
      ],
      "limits queue response.mean < 1ms 4,000/s 900 µs 5,000/s 1.10 ms",
    ],
    [
      "one miss below loads that were all kept",
      [
        [1000, false],
        [4000, true],
        [5000, true],
      ],
      "kept queue response.mean < 1ms 5,000/s 900 µs - -",
    ],
  ];
  for (const [what, readings, row] of noisy) {
    it(`has one edge with ${what}`, () => {
      const steps = readings.map(([perS, isMet]) => stepWith(perS, isMet ? 900 : 1100));
      const noisySearch = { others: [], steps, slo: ["response.mean < 1ms"] };
      assert.equal(rowsOf(noisySearch)[1], row);
      const page = { width: 100, colour: false, detail: "full" } as const;
      assert.match(
        renderTerminalReport(makeCapacityDocument(noisySearch), page),
        /1 reading stands on the other side/,
      );
    });
  }

  it("is in the HTML", () => {
    const page = renderHtmlReport({
      document: makeCapacityDocument(),
      histograms: new Map(),
      configs: new Map(),
    });
    assert.match(page, /<section id="slo"[\s\S]*?>limits<[\s\S]*?response\.mean &lt; 1ms/);
  });
});
