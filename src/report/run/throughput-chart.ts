/** Throughput of each arm over the run's blocks: drift and bad patches of the machine show here. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { plotColumns, renderChartPanels } from "../draw/chart-panel.js";
import type { Page } from "../draw/page.js";
import { formatPerS } from "../words/format.js";
import { heading } from "../words/words.js";

const labelWidth = 9;
const height = 3;
/** The scale spans at least this share of the greatest value, so that noise of 0.1 % does not look like a storm. */
const leastSpan = 0.2;
const columnsABlock = 4;
/** Less than a message an hour is no throughput, and near zero a chart's scale overflows. */
const leastThroughput = 1 / 3600;

/** Nothing for fewer than two blocks: there is no course to show. */
export function renderThroughputChart(document: RunDocument, page: Page): string[] {
  const blocks = Math.max(0, ...document.arms.flatMap(({ trials }) => trials.map(({ block }) => block + 1)));
  const columns = Math.min(plotColumns(page, labelWidth), blocks * columnsABlock);
  const all = document.arms.flatMap(({ trials }) => trials.map(({ throughputPerS }) => throughputPerS));
  const greatest = Math.max(...all);
  if (blocks < 2 || columns === 0 || !(greatest >= leastThroughput)) return [];
  return [
    ...heading("Throughput by block, messages a second", page),
    ...renderChartPanels(
      {
        lines: document.arms.map((arm) => ({ name: arm.name, values: valuesOf(arm, blocks, columns) })),
        scale: {
          min: Math.min(Math.min(...all), greatest * (1 - leastSpan)),
          max: greatest,
          height,
          labelOf: formatPerS,
          labelWidth,
        },
        foot: `1${String(blocks).padStart(columns - 1)}`,
      },
      page,
    ),
  ];
}

function valuesOf(arm: ArmResult, blocks: number, columns: number): (number | null)[] {
  const byBlock = new Map(arm.trials.map(({ block, throughputPerS }) => [block, throughputPerS]));
  return Array.from({ length: columns }, (_, x) => byBlock.get(Math.floor((x * blocks) / columns)) ?? null);
}
