/** A small cost table with its run, whose trials say what their histograms hold: made by hand, nothing is measured. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { histogramLogHead, LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { ns } from "#wsrally/base/units.js";
import { buildCostTable } from "#wsrally/judge/cost-table/build-cost-table.js";
import type { CostTable } from "#wsrally/results/cost-table-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import type { LatencySummary, TrialResult } from "#wsrally/results/trial-schema.js";
import { makeArm, makeDocument, makeTrial } from "../report/run-documents.js";

const trialsOfArm = 7;

/** The round trips of one trial. */
function roundTrips(block: number): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let i = 0; i < 2000; i++) histogram.record(ns(100_000 + block * 1000 + i * 17));
  return histogram;
}

function summaryOf(histogram: LatencyHistogram): LatencySummary {
  const us = (value: number | null): number | null => (value === null ? null : value / 1e3);
  const [p50, p90, p99, p999] = [0.5, 0.9, 0.99, 0.999].map((quantile) => us(histogram.quantile(quantile)));
  const { count } = histogram;
  const [mean, max] = [us(histogram.mean()), us(histogram.max())];
  return { count, mean, p50, p90, p99, p999, max } as LatencySummary;
}

function makeCostTrial(block: number, cpuUs: number): TrialResult {
  const trial = makeTrial(block);
  if (trial.proxyCost === null) throw new TypeError("The trial has no proxy");
  const cpuUsPerMessage = cpuUs + block / 10;
  return {
    ...trial,
    latencyUs: { roundTrip: summaryOf(roundTrips(block)) },
    opening: { perS: 5000 + block, cpuUsPerHandshake: 80 },
    proxyCost: {
      ...trial.proxyCost,
      cpuUsPerMessage,
      userCpuUsPerMessage: cpuUsPerMessage / 4,
      systemCpuUsPerMessage: (cpuUsPerMessage * 3) / 4,
      cpuShare: (cpuUsPerMessage * trial.throughputPerS) / 1e6,
    },
  };
}

const sets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  nginx: {},
  "nginx-tuned": { proxy_buffer_size: "16k", tls: "on" },
};

/** A run of nginx in a closed loop, as it is and tuned behind TLS; the last trial of the tuned one does not count. */
export function costRun(): RunDocument {
  const arms = Object.keys(sets).map((name, index) => ({
    ...makeArm(name, {
      ratePerS: null,
      trials: Array.from({ length: trialsOfArm }, (_, block) => ({
        ...makeCostTrial(block, 9 + index),
        disqualified: index === 1 && block === trialsOfArm - 1,
      })),
    }),
  }));
  const document = makeDocument({ runId: "a-cost-run", arms, comparisons: [] });
  const planned = Object.entries(sets).map(([name, set]) => ({
    name,
    arm: "nginx",
    set,
    group: "",
    workload: { connections: 1000, message: { kind: "payload", bytes: 64 } },
  }));
  return { ...document, scenario: { ...document.scenario, arms: planned } };
}

export function costTableOf(document: RunDocument): CostTable {
  const figures = buildCostTable([document]);
  return {
    schemaVersion: 1,
    tool: { name: "wsrally", version: "0.1.0" },
    quick: false,
    ...figures,
    programs: figures.programs.map((program) => ({ ...program, sha256: null })),
    leftOut: [],
  };
}

/** Writes both into a folder, with the histograms. */
export function makeCostTableFolder(folder: string): void {
  const document = costRun();
  const run = join(folder, document.runId);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(folder, "cost-table.json"), JSON.stringify(costTableOf(document)));
  writeFileSync(join(run, "run.json"), JSON.stringify(document));
  for (const { name, trials } of document.arms) {
    const lines = trials.map(({ block }) =>
      roundTrips(block).toLogLine("roundTrip", 1000 + block, 1001 + block),
    );
    writeFileSync(join(run, `${name}.hlog`), histogramLogHead(1_700_000_000_000, "[made]") + lines.join(""));
  }
}
