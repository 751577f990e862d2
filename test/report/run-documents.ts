/** Run documents made by hand for the report's tests; each is checked against the published schema. */
import { withStalls } from "#wsrally/judge/stalls.js";
import type { PercentileCurve } from "#wsrally/report/run/percentile-chart.js";
import type { Comparison } from "#wsrally/results/comparison-schema.js";
import { type ArmResult, type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import type { LatencySummary, TrialResult } from "#wsrally/results/trial-schema.js";

/** A small deterministic wobble, so that trials differ as real ones do. */
function wobble(block: number, share: number): number {
  return 1 + share * Math.sin(block * 2.4 + 1);
}

export function latency(p50: number, count = 10_000): LatencySummary {
  const tail = { p99: p50 * 3.4, p999: count >= 10_000 ? p50 * 9 : null, max: p50 * 24 };
  return { count, mean: p50 * 1.1, p50, p90: p50 * 1.5, ...tail };
}

export const noLatency: LatencySummary = {
  count: 0,
  mean: null,
  p50: null,
  p90: null,
  p99: null,
  p999: null,
  max: null,
};

export function makeTrial(block: number, changes: Partial<TrialResult> = {}): TrialResult {
  const p50 = 121 * wobble(block, 0.03);
  return {
    block,
    position: block % 2,
    startedAt: new Date(Date.UTC(2026, 2, 2, 9) + (2 * block + (block % 2)) * 1700).toISOString(),
    durationS: 1,
    warmupS: 0.25,
    engine: "epoll",
    connections: { requested: 1000, opened: 1000, failed: 0, held: 1000 },
    messages: { sent: 10_000, received: 10_000 },
    accounting: { clientSent: 32_500, backendReceived: 32_500, backendSent: 32_500, clientReceived: 32_500 },
    throughputPerS: 9_998 * wobble(block, 0.001),
    offeredPerS: 10_000,
    latencyUs: {
      roundTrip: latency(p50),
      response: latency(p50 * 1.02),
      connect: latency(310, 1000),
      upgrade: latency(640, 1000),
    },
    failures: [],
    proxyCost: {
      cpuUsPerMessage: 9.4 * wobble(block, 0.05),
      userCpuUsPerMessage: 1.9 * wobble(block, 0.1),
      systemCpuUsPerMessage: 7.5 * wobble(block, 0.04),
      cpuShare: 0.094,
      contextSwitchesPerMessage: 0.42,
      involuntarySwitchesPerMessage: 0.01,
      rssBytes: 21_000_000,
      rssBytesBefore: 6_844_416,
      rssBytesPeak: 22_000_000,
      rssBytesAfter: 6_860_800,
      pssBytes: 20_500_000,
      pssBytesBefore: 6_189_056,
      pssBytesAfter: 6_230_016,
      rssBytesPerConnection: 14_336,
      pssBytesPerConnection: 14_240,
      activeBytesPerConnection: 14_320,
      memoryPoints: 33,
      descriptors: 2018,
      descriptorsBefore: 18,
      descriptorsAfter: 18,
      processes: 2,
      workers: [{ title: "nginx: worker process", cpuShare: 0.094, descriptors: 2010 }],
    },
    generator: { cpuShare: 0.31, sendLagUsP99: 18, healthy: true, reasons: [] },
    backendCpuShare: 0.2,
    proxyLog: [],
    disqualified: false,
    disqualifiedBecause: [],
    ...changes,
  };
}

/** Ten slices of a trial on the wire, but for the p99 of some and the pauses beside them. */
export function makeSlices(
  p99Us: Readonly<Record<number, number>> = {},
  generatorGapUs: Readonly<Record<number, number>> = {},
): NonNullable<TrialResult["slices"]> {
  const ten = (usual: number, some: Readonly<Record<number, number>> = {}): number[] =>
    Array.from({ length: 10 }, (_, index) => some[index] ?? usual);
  return {
    lengthS: 0.1,
    series: "wire",
    p99Us: ten(300, p99Us),
    generatorGapUs: ten(200, generatorGapUs),
    backendGapUs: ten(90),
    stolenUs: ten(0),
  };
}

/** A run whose verdict rests on the wire: one stall of the proxy's in `off`, and one of the machine's in `on`. */
export function stalledDocument(): RunDocument {
  const wire = { ...latency(95), steadyP99: 300 };
  const armOf = (name: string, slices: (block: number) => NonNullable<TrialResult["slices"]>): ArmResult =>
    makeArm(name, {
      trials: Array.from({ length: 14 }, (_, block) => {
        const trial = makeTrial(block);
        return { ...trial, latencyUs: { ...trial.latencyUs, wire }, slices: slices(block) };
      }),
    });
  const usual = makeSlices();
  const arms = withStalls([
    armOf("on", (block) => (block === 9 ? makeSlices({ 2: 18_000 }, { 2: 17_000 }) : usual)),
    armOf("off", (block) => (block === 4 ? makeSlices({ 3: 20_000, 4: 9_000 }) : usual)),
  ]);
  const document = makeDocument({ arms });
  const metrics = ["wire.p50", "wire.steadyP99", "cpuUsPerMessage", "stallsPerS"] as const;
  const pair = { baseline: "on", candidate: "off", blocks: 14 };
  return {
    ...document,
    scenario: { ...document.scenario, metrics: [...metrics] },
    comparisons: metrics.map((metric) =>
      metric === "stallsPerS"
        ? makeComparison({ metric, ...noRatio, margin: 0.5, smallestEffect: null })
        : makeComparison({ metric, margin: metric === "wire.steadyP99" ? 0.1 : 0.05 }),
    ),
    readings: [{ ...pair, metric: "wire.p99", ratio: 1.13, ciLow: 0.58, ciHigh: 1.9 }],
  };
}

const noRatio = {
  ratio: null,
  ciLow: null,
  ciHigh: null,
  decisionLow: null,
  decisionHigh: null,
  difference: 0,
  differenceLow: 0,
  differenceHigh: 0.5,
};

/** Of a proxy with two workers, one of which got nearly all the connections. */
function unevenCost(block: number): TrialResult["proxyCost"] {
  const { proxyCost } = makeTrial(block);
  if (proxyCost === null) return null;
  const title = "nginx: worker process";
  return {
    ...proxyCost,
    // Too few ticks to tell them apart.
    userCpuUsPerMessage: null,
    systemCpuUsPerMessage: null,
    workers: [
      { title, cpuShare: 0.0052, descriptors: 142 },
      { title, cpuShare: 0.087, descriptors: 1882 },
    ],
  };
}

/** All of it came back. */
export function makeTraffic(connections: number, messages: number): NonNullable<ArmResult["burnIn"]> {
  return {
    messages: { sent: messages, received: messages },
    connections: { requested: connections, opened: connections, failed: 0 },
    failures: [],
  };
}

export function makeArm(name: string, changes: Partial<ArmResult> = {}): ArmResult {
  return {
    name,
    group: "",
    proxy: {
      kind: "nginx",
      version: "1.31.3",
      configSha256: "3fa9c2d1e07b44aa3fa9c2d1e07b44aa3fa9c2d1e07b44aa3fa9c2d1e07b44aa",
      build: null,
      changes: [],
    },
    ratePerS: 10_000,
    saturatedPerS: 33_333,
    trials: Array.from({ length: 14 }, (_, block) => makeTrial(block)),
    preflight: makeTraffic(1, 1),
    burnIn: makeTraffic(1000, 32_500),
    ...changes,
  };
}

export function makeComparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    baseline: "on",
    candidate: "off",
    metric: "roundTrip.p50",
    blocks: 14,
    ratio: 1.003,
    ciLow: 0.985,
    ciHigh: 1.014,
    decisionLow: 0.97,
    decisionHigh: 1.03,
    margin: 0.05,
    verdict: "equivalent",
    direction: null,
    pWorse: 0.4,
    pBetter: 0.6,
    pEquivalent: 0.001,
    smallestEffect: 0.023,
    blocksForMargin: 9,
    reasons: [],
    ...changes,
  };
}

export function makeDocument(changes: Partial<RunDocument> = {}): RunDocument {
  return runDocumentSchema.parse({
    schemaVersion: 1,
    tool: { name: "wsrally", version: "0.1.0" },
    runId: "nginx-buffering-20260302-090000",
    startedAt: "2026-03-02T09:00:00.000Z",
    finishedAt: "2026-03-02T09:01:52.000Z",
    status: "complete",
    seed: 20260302,
    scenario: makeScenario(["on", "off"]),
    environment: {
      os: "Linux",
      kernel: "6.1.0-31-amd64",
      arch: "x64",
      cpuModel: "AMD EPYC 7763 64-Core Processor",
      cpus: 2,
      memoryBytes: 8_323_203_072,
      node: "v20.20.2",
      maxOpenFiles: 20_000,
      ci: false,
    },
    plan: null,
    placement: { proxy: [1], generator: [0], backend: [0] },
    warnings: [],
    arms: [makeArm("on"), makeArm("off")],
    comparisons: [],
    ...changes,
  } satisfies RunDocument);
}

function makeScenario(names: readonly string[]): RunDocument["scenario"] {
  const [baseline = "on", ...candidates] = names;
  return {
    name: "nginx-buffering",
    description: "Does proxy_buffering make any difference to an upgraded connection?",
    metrics: ["roundTrip.p50", "roundTrip.p99", "cpuUsPerMessage"],
    pairs: candidates.map((candidate) => ({ baseline, candidate })),
    blocks: null,
    maxSeconds: 120,
    arms: names.map((name) => ({
      name,
      arm: "nginx",
      set: name === "off" ? { proxy_buffering: "off" } : {},
      group: "",
      workload: {
        connections: 1000,
        loop: { kind: "paced", share: 0.3 },
        message: { kind: "ping" },
      },
    })),
  };
}

/** A curve with a long tail, as HdrHistogram lists it. */
export function makeCurve(arm: string, p50: number, tail = 1, series = "roundTrip"): PercentileCurve {
  const points = Array.from({ length: 80 }, (_, i) => {
    const nines = i / 16;
    return { percentile: 100 * (1 - 10 ** -nines), valueUs: p50 * (0.7 + nines ** 2 * 0.5 * tail) };
  });
  return { arm, series, points: [...points, { percentile: 100, valueUs: p50 * 30 }] };
}

export const equivalentDocument = makeDocument({
  comparisons: [
    makeComparison(),
    makeComparison({
      metric: "roundTrip.p99",
      ratio: 1.02,
      ciLow: 0.93,
      ciHigh: 1.11,
      margin: 0.2,
      smallestEffect: 0.14,
    }),
    makeComparison({
      metric: "cpuUsPerMessage",
      ratio: 1.016,
      ciLow: 1.0095,
      ciHigh: 1.0222,
      direction: "worse",
      smallestEffect: 0.011,
    }),
    makeComparison({ metric: "roundTrip.p90", ratio: 1.01, ciLow: 0.97, ciHigh: 1.04 }),
  ],
});

/** Uplink, backend and downlink of these medians, each a little different from block to block. */
function split(block: number, [uplink, backend, downlink]: readonly [number, number, number]) {
  return {
    uplink: latency(uplink * wobble(block, 0.04)),
    backend: latency(backend * wobble(block + uplink, 0.08)),
    downlink: latency(downlink * wobble(block + 2, 0.04)),
  };
}

const bufferSizes = ["4k", "1k", "16k"];
const payloads = [64, 8000];

/** Two axes: a directive that is compared, under two loads. */
export const matrixDocument = makeDocument({
  scenario: {
    ...makeScenario([]),
    name: "buffer-size",
    description: null,
    metrics: ["roundTrip.p50", "cpuUsPerMessage"],
    pairs: payloads.flatMap((bytes) =>
      bufferSizes
        .slice(1)
        .map((size) => ({ baseline: `nginx.4k.${bytes}`, candidate: `nginx.${size}.${bytes}` })),
    ),
    arms: payloads.flatMap((bytes) =>
      bufferSizes.map((size) => ({
        name: `nginx.${size}.${bytes}`,
        arm: "nginx",
        set: { proxy_buffer_size: size },
        group: `payload-${bytes}`,
        workload: {
          connections: 100,
          loop: { kind: "paced", share: 0.3 },
          message: { kind: "payload", bytes, binary: false },
        },
      })),
    ),
  },
  arms: payloads.flatMap((bytes) =>
    bufferSizes.map((size) => makeArm(`nginx.${size}.${bytes}`, { group: `payload-${bytes}` })),
  ),
  comparisons: [
    makeComparison({ baseline: "nginx.4k.64", candidate: "nginx.1k.64" }),
    makeComparison({ baseline: "nginx.4k.64", candidate: "nginx.16k.64", verdict: "inconclusive" }),
    makeComparison({
      baseline: "nginx.4k.8000",
      candidate: "nginx.1k.8000",
      ratio: 1.71,
      ciLow: 1.6,
      ciHigh: 1.8,
      verdict: "worse",
    }),
    makeComparison({
      baseline: "nginx.4k.8000",
      candidate: "nginx.16k.8000",
      ratio: 0.9,
      ciLow: 0.88,
      ciHigh: 0.93,
      verdict: "better",
    }),
    makeComparison({
      baseline: "nginx.4k.8000",
      candidate: "nginx.1k.8000",
      metric: "cpuUsPerMessage",
      ratio: 2.12,
      ciLow: 1.91,
      ciHigh: 2.5,
      verdict: "worse",
    }),
  ],
});

const ratesPerS = [1000, 5000, 15_000, 30_000];

/** Two arms at four rates each, the last of them too much for nginx. */
export const ratesDocument = makeDocument({
  scenario: {
    ...makeScenario([]),
    name: "rates",
    description: null,
    pairs: [],
    arms: ratesPerS.flatMap((ratePerS) =>
      ["nginx", "direct"].map((arm) => ({
        name: `${arm}.rate-${ratePerS}`,
        arm,
        set: {},
        group: `rate-${ratePerS}`,
        workload: { connections: 100, loop: { kind: "open", ratePerS }, message: { kind: "ping" } },
      })),
    ),
  },
  arms: ratesPerS.flatMap((ratePerS, i) =>
    ["nginx", "direct"].map((kind) => {
      const reached = kind === "nginx" ? Math.min(ratePerS, 24_000) : ratePerS;
      const p50 = kind === "nginx" ? [120, 124, 150, 4200][i] : [60, 61, 66, 90][i];
      return makeArm(`${kind}.rate-${ratePerS}`, {
        group: `rate-${ratePerS}`,
        ratePerS,
        proxy: { kind, version: null, configSha256: null, build: null, changes: [] },
        trials: Array.from({ length: 3 }, (_, block) =>
          makeTrial(block, {
            throughputPerS: reached,
            latencyUs: { roundTrip: latency(p50 ?? 0), response: latency((p50 ?? 0) * 1.1) },
          }),
        ),
      });
    }),
  ),
});

export const worseDocument = makeDocument({
  scenario: {
    ...makeScenario(["plain", "tls", "direct"]),
    name: "tls-cost",
    description: "What does TLS cost?",
  },
  arms: [
    makeArm("plain"),
    makeArm("tls", {
      trials: Array.from({ length: 14 }, (_, block) =>
        makeTrial(block, {
          latencyUs: {
            roundTrip: latency(151 * wobble(block, 0.05)),
            response: latency(157),
            ...split(block, [52, 12, 55]),
            tls: latency(2300, 1000),
          },
          proxyCost: unevenCost(block),
        }),
      ),
    }),
    makeArm("direct", {
      proxy: { kind: "direct", version: null, configSha256: null, build: null, changes: [] },
      trials: Array.from({ length: 14 }, (_, block) =>
        makeTrial(block, {
          latencyUs: { roundTrip: latency(62), response: latency(64), ...split(block, [14, 12, 15]) },
          proxyCost: null,
        }),
      ),
    }),
  ],
  comparisons: [
    makeComparison({
      baseline: "plain",
      candidate: "tls",
      ratio: 1.25,
      ciLow: 1.21,
      ciHigh: 1.3,
      verdict: "worse",
      direction: "worse",
    }),
    makeComparison({
      baseline: "plain",
      candidate: "tls",
      metric: "roundTrip.p99",
      ratio: 1.09,
      ciLow: 0.91,
      ciHigh: 1.33,
      margin: 0.2,
      verdict: "inconclusive",
      smallestEffect: 0.31,
      blocksForMargin: 27.4,
    }),
    makeComparison({
      baseline: "plain",
      candidate: "tls",
      metric: "cpuUsPerMessage",
      ratio: 1.41,
      ciLow: 1.37,
      ciHigh: 1.46,
      verdict: "worse",
      direction: "worse",
    }),
    makeComparison({
      baseline: "plain",
      candidate: "direct",
      ratio: 0.51,
      ciLow: 0.49,
      ciHigh: 0.53,
      verdict: "better",
      direction: "better",
    }),
    makeComparison({
      baseline: "plain",
      candidate: "direct",
      metric: "roundTrip.p99",
      ratio: 0.55,
      ciLow: 0.44,
      ciHigh: 0.61,
      margin: 0.2,
      verdict: "better",
      direction: "better",
    }),
  ],
});

const unmeasured = { ratio: null, ciLow: null, ciHigh: null, decisionLow: null, decisionHigh: null } as const;
const undecided = {
  pWorse: null,
  pBetter: null,
  pEquivalent: null,
  smallestEffect: null,
  blocksForMargin: null,
};

export const inconclusiveDocument = makeDocument({
  arms: ["on", "off"].map((name) =>
    makeArm(name, {
      trials: Array.from({ length: 6 }, (_, block) =>
        makeTrial(block, {
          proxyCost: null,
          latencyUs: { roundTrip: { ...latency(121, 900), p99: block % 3 === 0 ? null : 410 } },
        }),
      ),
    }),
  ),
  comparisons: [
    makeComparison({
      blocks: 6,
      ratio: 1.04,
      ciLow: 0.95,
      ciHigh: 1.15,
      verdict: "inconclusive",
      smallestEffect: 0.17,
      blocksForMargin: 62,
      reasons: ["too-few-blocks"],
    }),
    makeComparison({
      ...undecided,
      blocks: 4,
      metric: "roundTrip.p99",
      ratio: 1.31,
      ciLow: null,
      ciHigh: null,
      margin: 0.2,
      verdict: "inconclusive",
      reasons: ["too-few-blocks", "missing-values"],
    }),
    makeComparison({
      ...unmeasured,
      ...undecided,
      blocks: 0,
      metric: "cpuUsPerMessage",
      verdict: "inconclusive",
      reasons: ["not-measured"],
    }),
  ],
});

const lostTrial = {
  connections: { requested: 1000, opened: 988, failed: 12, held: 941 },
  accounting: { clientSent: 32_500, backendReceived: 32_480, backendSent: 32_480, clientReceived: 32_466 },
  failures: [
    {
      kind: "eof",
      side: "proxy",
      count: 47,
      example: "connection 17: ended without a close frame after 1.204 s",
      cause: "one end reset an upgraded connection",
      logMessage: "recv() failed (104: Connection reset by peer) while proxying upgraded connection",
    },
    {
      kind: "upgrade-status",
      side: "proxy",
      count: 12,
      example: "503 Service Unavailable\r\n\u001b[31mworker_connections are not enough",
      cause: "worker_connections are not enough",
      logMessage: "256 worker_connections are not enough",
    },
    { kind: "reply-missing", side: "unknown", count: 34, example: "message 8812 on connection 17" },
  ],
  proxyLog: [
    {
      level: "alert",
      message: "256 worker_connections are not enough",
      count: 12,
      example: "2026/03/02 09:00:07 [alert] 812#812: 256 worker_connections are not enough",
      cause: "worker_connections are not enough",
    },
    {
      level: "error",
      message: "recv() failed (104: Connection reset by peer) while proxying upgraded connection",
      count: 3,
      cause: "one end reset an upgraded connection",
    },
  ],
  disqualified: true,
  disqualifiedBecause: ["connections-lost"],
} satisfies Partial<TrialResult>;

export const failuresDocument = makeDocument({
  warnings: [
    {
      code: "instance-not-restarted",
      message:
        "arm off is a URL: wsrally can't restart it before each trial, so one lucky start may colour them all",
    },
    { code: "no-affinity", message: "generator and proxy share the cores" },
  ],
  arms: [
    makeArm("on", {
      proxy: {
        kind: "nginx",
        version: "1.31.3",
        configSha256: "9b1d4c77",
        build: "nginx -V",
        changes: [
          "listen 443 ssl -> 127.0.0.1:40113",
          "pid -> /tmp/wsrally/nginx.pid",
          "error_log -> private",
          "upstream app -> wsrally's backend",
        ],
      },
    }),
    makeArm("off", {
      trials: Array.from({ length: 14 }, (_, block) =>
        block % 4 === 2
          ? makeTrial(block, { ...lostTrial, proxyLogFile: `off.${block}.error.log` })
          : block === 5
            ? makeTrial(block, {
                disqualified: true,
                disqualifiedBecause: ["generator-saturated", "sends-late"],
                generator: {
                  cpuShare: 0.99,
                  sendLagUsP99: 48_000,
                  healthy: false,
                  reasons: ["generator-saturated"],
                },
              })
            : makeTrial(block),
      ),
    }),
  ],
  comparisons: [
    makeComparison({
      blocks: 10,
      ratio: 1.31,
      ciLow: 0.88,
      ciHigh: 4.2,
      verdict: "inconclusive",
      smallestEffect: 1.7,
      blocksForMargin: 4000,
      reasons: ["lost-trials"],
    }),
    makeComparison({
      blocks: 10,
      metric: "cpuUsPerMessage",
      ratio: 1.02,
      ciLow: 0.98,
      ciHigh: 1.06,
      verdict: "inconclusive",
      smallestEffect: 0.055,
      blocksForMargin: 13,
      reasons: ["moon-phase"],
    }),
  ],
});

export const interruptedDocument = makeDocument({
  status: "interrupted",
  finishedAt: null,
  arms: [],
});

export const oneArmDocument = makeDocument({
  scenario: { ...makeScenario(["nginx"]), name: "nginx", description: null },
  arms: [makeArm("nginx")],
});
