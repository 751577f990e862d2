/** What each arm carried, and what that cost the proxy. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatBytes, formatCount, formatPercent, formatPerS, formatUs } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { dimText, heading } from "../words/words.js";
import { countedTrials } from "./run-facts.js";
import { workerNotes } from "./worker-spread.js";

type Cost = NonNullable<TrialResult["proxyCost"]>;

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
          { title: "CPU a message", align: "right", keep: 6 },
          { title: "user", align: "right", keep: 2 },
          { title: "system", align: "right", keep: 2 },
          { title: "CPU busy", align: "right", keep: 4 },
          { title: "switches", align: "right", keep: 1 },
        ],
        rows: arms.map(loadRow),
      },
      page,
    ),
    ...dimText("median over the trials; CPU is the proxy's, 100 % is one core", page),
    ...(isTainted ? dimText("an arm with every trial disqualified is shown all the same", page) : []),
    ...renderMemory(arms, page),
  ];
}

function renderMemory(arms: readonly ArmResult[], page: Page): string[] {
  const seen = arms.filter((arm) => costsOf(arm).some((cost) => cost.rssBytes !== null));
  if (seen.length === 0) return [];
  return [
    "",
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "a connection", align: "right" },
          { title: "active", align: "right", keep: 4 },
          { title: "before", align: "right", keep: 2 },
          { title: "peak", align: "right", keep: 5 },
          { title: "after", align: "right", keep: 2 },
          { title: "descriptors", align: "right", keep: 1 },
        ],
        rows: seen.map(memoryRow),
      },
      page,
    ),
    ...dimText("a connection: memory, by the slope while they open; active: after messages", page),
    ...dimText("before, peak, after: of all the proxy's processes, from no connection to none", page),
    ...(seen.some(keepsMemory)
      ? dimText("most proxies keep what they had for what comes next: a leak is what goes on growing", page)
      : []),
  ];
}

/** More than half of what its connections made it grow by is there when they are gone: all but nginx do so. */
function keepsMemory(arm: ArmResult): boolean {
  const median = costMedian(arm);
  const [before, peak, after] = [median("rssBytesBefore"), median("rssBytesPeak"), median("rssBytesAfter")];
  return before !== null && peak !== null && after !== null && after - before > (peak - before) / 2;
}

function loadRow(arm: ArmResult): Row {
  const { trials } = countedTrials(arm);
  const median = costMedian(arm);
  return {
    cells: [
      escapeControls(arm.name),
      formatPerS(medianOf(trials.map(({ offeredPerS }) => offeredPerS)).median),
      formatPerS(medianOf(trials.map(({ throughputPerS }) => throughputPerS)).median),
      formatUs(median("cpuUsPerMessage")),
      formatUs(median("userCpuUsPerMessage")),
      formatUs(median("systemCpuUsPerMessage")),
      formatPercent(median("cpuShare")),
      formatPerS(median("contextSwitchesPerMessage")),
    ],
  };
}

/** The exact figure where there is one. */
function memoryRow(arm: ArmResult): Row {
  const median = costMedian(arm);
  return {
    cells: [
      escapeControls(arm.name),
      formatBytes(median("pssBytesPerConnection") ?? median("rssBytesPerConnection")),
      formatBytes(median("activeBytesPerConnection")),
      formatBytes(median("rssBytesBefore")),
      formatBytes(median("rssBytesPeak") ?? median("rssBytes")),
      formatBytes(median("rssBytesAfter")),
      formatCount(median("descriptors")),
    ],
    notes: workerNotes(costsOf(arm)),
  };
}

function costsOf(arm: ArmResult): Cost[] {
  return countedTrials(arm).trials.flatMap(({ proxyCost }) => (proxyCost === null ? [] : [proxyCost]));
}

type CostFigure = Exclude<keyof Cost, "workers">;

/** Of the trials that count; null where none has the figure. */
export function costMedian(arm: ArmResult): (figure: CostFigure) => number | null {
  const costs = costsOf(arm);
  return (figure) => medianOf(costs.map((cost) => cost[figure])).median;
}
