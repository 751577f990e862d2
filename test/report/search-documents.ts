/** Searches and soaks made by hand: an M/D/1 queue of 10,000 messages a second, restarts under it, and a leak. */
import { capacityPlan } from "#wsrally/judge/capacity/capacity-plan.js";
import { summariseArm } from "#wsrally/judge/capacity/summarise-capacity.js";
import { soakTrends } from "#wsrally/judge/soak/soak-trends.js";
import type { ArmCapacity, Capacity, CapacityStepResult } from "#wsrally/results/capacity-schema.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import type { Soak } from "#wsrally/results/soak-schema.js";
import type { Storm } from "#wsrally/results/storm-schema.js";
import { parsePlanWish } from "#wsrally/scenario/plan-wish.js";
import type { StepKind } from "#wsrally/trial/capacity/capacity-step.js";
import { type RateProbe, searchRate } from "#wsrally/trial/capacity/rate-search.js";
import { makeDocument, makeTrial } from "./run-documents.js";

const serviceUs = 100;
const limitUs = 1000;

export function step(
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

export function searched(): CapacityStepResult[] {
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
export function costSteps(): CapacityStepResult[] {
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

export function summary(steps: readonly CapacityStepResult[]): ArmCapacity {
  return summariseArm({
    arm: "queue",
    workers: 1,
    workersDirective: "worker_processes 1;",
    foretold: [],
    mostConnections: 2000,
    steps,
  });
}

const handshake = (p50: number): Storm["rounds"][number]["opening"]["times"] => ({
  connect: { p50, p99: p50 * 3 },
  tls: null,
  upgrade: { p50: p50 * 2, p99: p50 * 5 },
});

/** Three restarts; after the last not all came back. */
export const storm: Storm = {
  connections: 1000,
  rounds: (["at-once", "backoff", "at-once"] as const).map((reconnect, i) => ({
    opening: { opened: 1000, perS: 2000 + 100 * i, times: handshake(20_000), cpuUsPerHandshake: 110 },
    restart: {
      reconnect,
      lost: 1000,
      downMs: 60,
      backMs: { half: 200, p90: 300, p99: 400 + 100 * i, all: i === 2 ? null : 500 },
      failedTries: 240,
      failures: [{ kind: "refused", count: 240 }],
      backlogPeak: 37,
      times: handshake(40_000),
    },
  })),
};

/** Of a plan. */
const terms = { scalability: null, directives: () => ["worker_processes 23;"], costs: false };

/** The search of the queue, with a step that counts for nothing, its costs, and a storm. */
export function makeCapacity(changes: Partial<Capacity> = {}): Capacity {
  const lost = step("search", 12_000, { outcome: "void", because: ["generator: sends-late"] });
  const arm = summary([...searched(), lost, ...costSteps()]);
  return {
    ...arm,
    storm,
    by: "rate",
    slo: ["response.mean < 1ms", "failures == 0"],
    holdS: 5,
    mostConnections: 2000,
    others: [{ ...arm, arm: "other", storm: null }],
    ratios: [{ baseline: "queue", candidate: "other", ratio: 1, low: 0.98, high: 1.02 }],
    scalability: null,
    plan: capacityPlan(parsePlanWish("200000x1"), arm, { ...terms }),
    ...changes,
  };
}

export function makeCapacityDocument(changes: Partial<Capacity> = {}): RunDocument {
  const document = makeDocument({ arms: [], comparisons: [], capacity: makeCapacity(changes) });
  return runDocumentSchema.parse({ ...document, scenario: { ...document.scenario, pairs: [] } });
}

const windowS = 0.5;
export const leakBytesPerS = 1_000_000;

/** Forty windows: memory grows evenly, the rest stays; one of them had failures. */
export function makeSoakDocument(): RunDocument {
  const windows = Array.from({ length: 40 }, (_, i): Soak["windows"][number] => {
    const p50 = 120 + 3 * Math.sin(i * 2.4);
    const latency = { p50, p99: p50 * 4, max: p50 * 9 };
    return {
      atS: i * windowS,
      startedAt: new Date(Date.UTC(2026, 2, 2, 9) + i * windowS * 1e3).toISOString(),
      durationS: windowS,
      open: 100,
      inFlight: 1,
      sent: 500,
      received: 500,
      throughputPerS: 1000,
      latencyUs: { roundTrip: latency, response: latency },
      connections: { lost: i === 20 ? 1 : 0, reopened: 0, churned: 0, failedTries: 0 },
      failures: i === 20 ? [{ kind: "eof", count: 1 }] : [],
      rssBytes: 20_000_000 + leakBytesPerS * (i + 0.5) * windowS,
      descriptors: 220,
      // Not to be seen in the first.
      cpuUsPerMessage: i === 0 ? null : 9,
      cpuShare: 0.09,
      otherShare: 0.01,
    };
  });
  const soak: Soak = {
    arm: "leaky",
    forS: 20,
    windowS,
    connections: 100,
    ratePerS: 1000,
    churnPerS: 0,
    reconnect: "backoff",
    windows,
    trends: soakTrends(windows),
    growth: { bytesPerMessage: 1000, bytesPerConnection: null },
    failures: [{ kind: "eof", side: "proxy", count: 1, example: "closed after 12 messages", cause: null }],
    accounting: null,
  };
  const document = makeDocument({ arms: [], comparisons: [], soak });
  return runDocumentSchema.parse({ ...document, scenario: { ...document.scenario, pairs: [] } });
}
