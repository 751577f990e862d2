/** Gates made by hand for the report's tests, judged by the judge. */
import { judgeGate, toCause } from "#wsrally/judge/gate/judge-gate.js";
import { adviceReasons, gateReasons } from "#wsrally/report/gate/gate-reasons.js";
import type { GateNoise, GatePair, GateResult } from "#wsrally/results/gate-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { equivalentDocument, makeComparison, makeDocument } from "./run-documents.js";

const noise: GateNoise = {
  stealShareP50: 0.12,
  stealShareMax: 0.4,
  otherShareP50: 0.8,
  otherShareMax: 1.3,
  spread: { "roundTrip.p50": 0.09, cpuUsPerMessage: 0.03 },
  trials: 28,
  trialsOut: 4,
  smallestEffect: { "roundTrip.p50": 0.12, "roundTrip.p99": 0.4 },
};

export const gatePair: GatePair = {
  baseline: "on",
  candidate: "off",
  sameConfig: false,
  diff: [
    {
      file: "deploy/nginx.conf",
      patch:
        "===================================================================\n--- origin/main:deploy/nginx.conf\n+++ deploy/nginx.conf\n@@ -1,2 +1,2 @@\n location / {\n-\tproxy_buffering on;\n+\tproxy_buffering off;\u001b[2J\n",
    },
  ],
  otherFiles: ["tls/site.crt"],
  regressions: [],
};

export const gateRegression: GatePair["regressions"][number] = {
  id: "upgrade-headers",
  status: "fault",
  side: "proxy",
  title: "the upgrade is lost on its way to the backend",
  evidence: ["client sent: Upgrade: websocket", "backend received: no Upgrade"],
  cause: "nginx passes it on only when it is told to",
  cure: "proxy_set_header Upgrade $http_upgrade;",
  before: { status: "ok", title: "Upgrade and Connection reach the backend" },
  fails: true,
};

/** The document with the gate that its judge makes of it. */
export function gated(
  document: RunDocument,
  pairs: readonly GatePair[],
  seen: GateNoise | null,
): RunDocument {
  const judgement = judgeGate(document, pairs, { cutShort: false });
  const facts = { document, pairs, noise: seen, failOn: "worse" as const, budgetS: 120 };
  const gate: GateResult = {
    outcome: judgement.outcome,
    reasons: [...gateReasons(judgement, facts), ...adviceReasons(pairs)],
    causes: judgement.evidence.map(toCause),
    failOn: "worse",
    inconclusive: null,
    budgetS: 120,
    usedS: 58.4,
    pairs: [...pairs],
    unmeasuredBecause: document.arms.length === 0 ? "a functional regression decides" : null,
    noise: seen,
    confirmation: null,
  };
  return { ...document, gate };
}

const open = makeComparison({
  verdict: "inconclusive",
  smallestEffect: 0.12,
  ciLow: 0.9,
  ciHigh: 1.2,
  ratio: 1.04,
});
const worse = makeComparison({
  verdict: "worse",
  ratio: 1.24,
  ciLow: 1.2,
  ciHigh: 1.29,
  metric: "roundTrip.p99",
  margin: 0.2,
});

export const gateDocuments: Readonly<Record<string, RunDocument>> = {
  passed: gated(equivalentDocument, [gatePair], {
    ...noise,
    trialsOut: 0,
    smallestEffect: { "roundTrip.p50": 0.023 },
  }),
  worse: gated(makeDocument({ comparisons: [makeComparison(), worse] }), [gatePair], noise),
  finding: gated(makeDocument({ arms: [] }), [{ ...gatePair, regressions: [gateRegression] }], null),
  inconclusive: gated(makeDocument({ comparisons: [open] }), [gatePair], noise),
};
