/** What each arm carried, and what that cost the proxy. */
import type { ArmResult, RunDocument } from "../results/run-document.js";
import { formatBytes, formatPercent, formatPerS, formatUs } from "./format.js";
import { medianOf } from "./median.js";
import type { Page } from "./paint.js";
import { escapeControls } from "./plain-text.js";
import { countedTrials } from "./run-facts.js";
import { type Row, renderTable } from "./table.js";
import { dimText, heading } from "./words.js";

export function renderCosts(document: RunDocument, page: Page): string[] {
  const arms = document.arms.filter(({ trials }) => trials.length > 0);
  if (arms.length === 0) return [];
  const isTainted = arms.some((arm) => countedTrials(arm).isTainted);
  return [
    ...heading("Load and cost", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "offered/s", align: "right", keep: 3 },
          { title: "throughput/s", align: "right" },
          { title: "CPU a message", align: "right", keep: 4 },
          { title: "CPU busy", align: "right", keep: 1 },
          { title: "memory a connection", align: "right", keep: 2 },
        ],
        rows: arms.map(costRow),
      },
      page,
    ),
    ...dimText("median over the trials; CPU and memory are the proxy's, 100 % is one core", page),
    ...(isTainted ? dimText("an arm with every trial disqualified is shown all the same", page) : []),
  ];
}

function costRow(arm: ArmResult): Row {
  const { trials } = countedTrials(arm);
  const costs = trials.map(({ proxyCost }) => proxyCost);
  return {
    cells: [
      escapeControls(arm.name),
      formatPerS(medianOf(trials.map(({ offeredPerS }) => offeredPerS)).median),
      formatPerS(medianOf(trials.map(({ throughputPerS }) => throughputPerS)).median),
      formatUs(medianOf(costs.map((cost) => cost?.cpuUsPerMessage)).median),
      formatPercent(medianOf(costs.map((cost) => cost?.cpuShare)).median),
      formatBytes(medianOf(costs.map((cost) => cost?.rssBytesPerConnection)).median),
    ],
  };
}
