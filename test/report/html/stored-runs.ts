/** Runs as they are read from disk, for the HTML report: histograms and configs beside a document made by hand. */
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import type { Ns } from "#wsrally/base/units.js";
import type { StoredRun } from "#wsrally/results/read-run.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { failuresDocument, makeArm, makeSlices, makeTrial, worseDocument } from "../run-documents.js";

const config = (buffering: string): string =>
  `http {\n  server {\n    listen 127.0.0.1:${buffering === "on" ? 40001 : 40002};\n    proxy_buffering ${buffering};\n  }\n}\n`;

/** Latencies with a tail that each next arm has longer. */
function makeHistogram(arm: number): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let i = 1; i <= 2000; i++) histogram.record(Math.round(121e3 * (1 + (arm + 1) / i) + i * 10) as Ns);
  return histogram;
}

function makeSeries(arm: number): Map<string, LatencyHistogram> {
  return new Map(["roundTrip", "response"].map((series, i) => [series, makeHistogram(arm + i)]));
}

export function makeStoredRun(document: RunDocument): StoredRun {
  const names = document.arms.map(({ name }) => name);
  return {
    document,
    histograms: new Map(names.map((name, i) => [name, makeSeries(i)])),
    configs: new Map(names.map((name, i) => [name, config(i === 0 ? "on" : "off")])),
  };
}

/** Trials one after the other, as they are in a real run, the last of each arm thrown out. */
function spreadTrials(arm: string, at: number): ReturnType<typeof makeArm> {
  const trials = Array.from({ length: 8 }, (_, block) => {
    const startedAt = new Date(Date.UTC(2026, 2, 2, 9, 0, block * 4 + at * 2)).toISOString();
    return makeTrial(block, {
      startedAt,
      slices: makeSlices(block === 3 ? { 5: 14_000 } : {}),
      disqualified: block === 7,
      disqualifiedBecause: block === 7 ? ["sends-late"] : [],
    });
  });
  return makeArm(arm, { trials, stallsAboveUs: 1200 });
}

/** Two arms whose charts have everything: curves, points, crosses, bands. */
export const chartedRun = makeStoredRun({
  ...worseDocument,
  arms: worseDocument.arms.map(({ name }, i) => spreadTrials(name, i)),
});

/** What a text from outside would do if it were taken for markup; each sets `wsrallyHurt` in the page. */
export const attacks = [
  `<img src=x onerror="globalThis.wsrallyHurt=1">`,
  `</script><script>globalThis.wsrallyHurt=1</script>`,
  `<!--<script>globalThis.wsrallyHurt=1//`,
  `" autofocus onfocus="globalThis.wsrallyHurt=1`,
  `'><svg onload=globalThis.wsrallyHurt=1>`,
  `</title></style><script>globalThis.wsrallyHurt=1</script>`,
  `\u2028;globalThis.wsrallyHurt=1//`,
  `\u0004\u00030 \u0001bold\u0002<b>\u0003`,
  `javascript:globalThis.wsrallyHurt=1`,
];

/** A run all of whose texts attack the reader. */
export const hostileRun: StoredRun = makeHostileRun();

function makeHostileRun(): StoredRun {
  const [first = "", second = "", ...others] = attacks;
  const all = attacks.join(" ");
  const rename = (name: string): string => (name === failuresDocument.arms[0]?.name ? first : second);
  const document: RunDocument = {
    ...failuresDocument,
    runId: all,
    scenario: {
      ...failuresDocument.scenario,
      name: all,
      description: all,
      pairs: [{ baseline: first, candidate: second }],
      arms: failuresDocument.scenario.arms.map((arm) => ({
        ...arm,
        name: rename(arm.name),
        arm: `nginx:${all}`,
        set: { [all]: all },
        group: all,
      })),
    },
    warnings: attacks.map((attack) => ({ code: attack, message: attack })),
    arms: failuresDocument.arms.map((arm) => ({
      ...arm,
      name: rename(arm.name),
      group: all,
      proxy: { ...arm.proxy, version: all, build: all, changes: attacks },
      trials: arm.trials.map((trial) => ({
        ...trial,
        engine: all,
        disqualified: trial.block === 0,
        disqualifiedBecause: trial.block === 0 ? attacks : [],
        proxyLog: others.map((message) => ({ message, count: 1 })),
        failures: attacks.map((example) => ({ kind: "eof", side: "proxy", count: 1, example })),
        generator: { ...trial.generator, healthy: false, reasons: attacks },
      })),
    })),
    comparisons: failuresDocument.comparisons.map((one) => ({
      ...one,
      baseline: first,
      candidate: second,
      reasons: [all],
    })),
    environment: { ...failuresDocument.environment, cpuModel: all, kernel: all },
  };
  const run = makeStoredRun(document);
  const configs = new Map(
    document.arms.map(({ name }, i) => [name, `${all}\n${attacks.join("\n")}\n# ${i} ${all}\n`]),
  );
  return { ...run, configs };
}
