/**
 * A search from its steps to the terminal: an M/D/1 queue of 10,000 messages a second, searched by hand-made trials.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { capacityPlan } from "#wsrally/judge/capacity-plan.js";
import { summariseArm } from "#wsrally/judge/summarise-capacity.js";
import { displayWidth } from "#wsrally/report/plain-text.js";
import { renderTerminalReport } from "#wsrally/report/terminal-report.js";
import type { ArmCapacity, CapacityStepResult } from "#wsrally/results/capacity-schema.js";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { parsePlanWish } from "#wsrally/scenario/plan-wish.js";
import type { StepKind } from "#wsrally/trial/capacity/capacity-step.js";
import { type RateProbe, searchRate } from "#wsrally/trial/capacity/rate-search.js";
import { makeDocument, makeTrial } from "./run-documents.js";

const serviceUs = 100;
const limitUs = 1000;

function step(
  kind: StepKind,
  ratePerS: number | null,
  changes: Partial<CapacityStepResult> = {},
): CapacityStepResult {
  const share = ((ratePerS ?? 9000) * serviceUs) / 1e6;
  const mean = share < 1 ? serviceUs * (1 + share / (2 * (1 - share))) : 50_000 * share;
  const isKept = mean < limitUs;
  const response = { count: 10_000, mean, p50: mean, p90: mean, p99: mean, p999: mean, max: mean };
  const trial = makeTrial(0, {
    throughputPerS: Math.min(ratePerS ?? 9000, 1e6 / serviceUs),
    offeredPerS: ratePerS,
    latencyUs: { roundTrip: response, response, wire: response },
    proxyCost: {
      cpuUsPerMessage: serviceUs,
      cpuShare: Math.min(1, share),
      rssBytes: 31_000_000,
      rssBytesPerConnection: null,
    },
  });
  return {
    kind,
    connections: 1000,
    ratePerS,
    payloadBytes: null,
    outcome: kind !== "search" || isKept ? "pass" : "fail",
    because: kind !== "search" || isKept ? [] : ["response.mean<1ms: more"],
    inFlight: (trial.throughputPerS * mean) / 1e6,
    cpuUsPerHandshake: null,
    trial,
    ...changes,
  };
}

function searched(): CapacityStepResult[] {
  const steps = [step("closed-loop", null)];
  const history: RateProbe[] = [];
  for (let state = searchRate(2250, history); state.kind === "probe"; state = searchRate(2250, history)) {
    const next = step("search", state.load);
    steps.push(next);
    history.push({ load: state.load, outcome: next.outcome });
  }
  return [
    ...steps,
    ...[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((share) => step("sweep", share * 9474)),
  ];
}

/** Memory grows by 20,000 bytes a connection, opening costs 100 µs each; a message costs 5 µs and 2 µs a KiB. */
function costSteps(): CapacityStepResult[] {
  const base = makeTrial(0).proxyCost;
  const memory = [250, 500, 750, 1000].map((connections) =>
    step("memory", 100, {
      connections,
      cpuUsPerHandshake: 100,
      trial: makeTrial(0, {
        connections: { requested: connections, opened: connections, failed: 0, held: connections },
        proxyCost: base === null ? null : { ...base, pssBytes: 5_000_000 + 20_000 * connections },
      }),
    }),
  );
  const payload = [64, 1024, 4096, 16_384].map((payloadBytes) =>
    step("payload", 1000, {
      payloadBytes,
      trial: makeTrial(0, {
        proxyCost: base === null ? null : { ...base, cpuUsPerMessage: 5 + (2 * payloadBytes) / 1024 },
      }),
    }),
  );
  return [...memory, ...payload];
}

function summary(steps: readonly CapacityStepResult[]): ArmCapacity {
  return summariseArm({ arm: "queue", workers: 1, foretold: [], mostConnections: 2000, steps });
}

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

describe("capacityPlan()", () => {
  const arm = summary([...searched(), ...costSteps()]);

  it("has workers by the lower end, and memory by the slope", () => {
    const plan = capacityPlan(parsePlanWish("200kx1"), arm, null);
    assert.equal(plan?.workers, Math.ceil(200_000 / (arm.ratePerS?.low ?? 1)));
    near(plan?.memoryBytes, 5_000_000 + 200_000 * 20_000, 1e-9);
    near(plan?.reconnectS, 20 / (plan?.workers ?? 1), 1e-9);
    const each = Math.ceil(200_000 / (plan?.workers ?? 1));
    assert.ok((plan?.workerConnections ?? 0) * (15 / 16) >= 2 * each);
    assert.ok((plan?.assumptions.length ?? 0) >= 5);
  });

  it("needs more of workers that get in each other's way, and knows when none would do", () => {
    const wish = parsePlanWish("200000x1");
    const law = { arms: ["queue"], perWorkerPerS: 9000, contention: 0.02, coherency: 0 };
    const fair = capacityPlan(wish, arm, null)?.workers ?? 0;
    assert.ok((capacityPlan(wish, arm, law)?.workers ?? 0) > fair);
    assert.equal(capacityPlan(wish, arm, { ...law, contention: 0.2 })?.workers, null);
  });
});

describe("the report of a search", () => {
  const arm = summary([...searched(), ...costSteps()]);
  const capacity = {
    ...arm,
    by: "rate" as const,
    slo: ["response.mean < 1ms"],
    holdS: 5,
    mostConnections: 2000,
    others: [{ ...arm, arm: "other" }],
    ratios: [{ baseline: "queue", candidate: "other", ratio: 1, low: 0.98, high: 1.02 }],
    scalability: null,
    plan: capacityPlan(parsePlanWish("200000x1"), arm, null),
  };
  const document = runDocumentSchema.parse(makeDocument({ arms: [], comparisons: [], capacity }));

  for (const width of [24, 60, 80, 120]) {
    it(`keeps to ${width} columns`, () => {
      const lines = renderTerminalReport(document, { width, colour: false }).split("\n");
      assert.deepEqual(
        lines.filter((line) => displayWidth(line) > width),
        [],
      );
    });
  }

  it("says capacity, knee, ratio, costs and plan, and marks both in the picture", () => {
    const text = renderTerminalReport(document, { width: 120, colour: false });
    assert.match(
      text,
      /^queue carries 9,\d{3} \(\d,\d{3}-\d{1,2},\d{3}\) messages\/s over 1,000 connections within response\.mean < 1ms/,
    );
    assert.match(text, /the knee is at 5,\d{3} \(/);
    assert.match(text, /other carries 1\.00x \(0\.98-1\.02\) of queue/);
    assert.match(text, / knee\^ .* \^SLO/);
    assert.match(
      text,
      /For 200,000 connections at 1 msg\/s each queue needs about \d+ workers and 3\.73 GiB of memory/,
    );
    assert.match(text, /proxy-cpu +10,000/);
  });
});
