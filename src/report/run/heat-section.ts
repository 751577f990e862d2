/** The comparisons of a matrix at a glance: one table a metric, a ratio in each cell, its verdict as a mark. */
import { worseSign } from "../../judge/series/log-ratios.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Cell } from "../draw/table-model.js";
import { absent, formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { type GridCell, type MatrixGrid, matrixGrids } from "./matrix-grid.js";

const verdictMarks: Readonly<Record<Comparison["verdict"], string>> = {
  better: "+",
  worse: "–",
  equivalent: "=",
  inconclusive: "?",
};

/** Above this, as a ratio, a difference gets a background. */
const strongRatio = 1.25;

/** Nothing for a scenario that is no matrix, or before anything was compared. */
export function renderHeat(document: RunDocument, page: Page): string[] {
  if (document.comparisons.length === 0) return [];
  const tables = document.scenario.metrics
    .filter((metric) => !isByDifference(metric))
    .flatMap((metric) => matrixGrids(document, metric).flatMap((grid) => ["", ...renderGrid(grid, page)]));
  if (tables.length === 0) return [];
  return [
    ...tables.slice(1),
    ...dimText("+ better, – worse, = equivalent, ? can't tell; base: what its group is divided by", page),
  ];
}

function renderGrid(grid: MatrixGrid, page: Page): string[] {
  const where = grid.fixed.map(([axis, value]) => `${axis} ${value}`).join(", ");
  const title = `${metricWords(grid.metric)}, candidate / baseline${where === "" ? "" : ` at ${where}`}`;
  const corner = `${grid.rowAxis} \\ ${grid.columnAxis}`;
  return [
    ...heading(escapeControls(title), page),
    ...renderTable(
      {
        columns: [
          { title: escapeControls(corner), align: "left" },
          ...grid.columns.map((title) => ({ title: escapeControls(title), align: "right" as const })),
        ],
        rows: grid.rows.map((name, i) => ({
          cells: [escapeControls(name), ...(grid.cells[i] ?? []).map(heatCell)],
        })),
      },
      page,
    ),
  ];
}

function heatCell(cell: GridCell | null): Cell {
  if (cell === null) return { text: "" };
  if (cell.comparison === null) return { text: cell.isBaseline ? "base" : absent, style: "dim" };
  const { ratio, ciLow, ciHigh, verdict } = cell.comparison;
  const text = `${formatRatio(ratio, ciLow, ciHigh).ratio} ${verdictMarks[verdict]}`;
  const style = heatStyle(cell.comparison);
  return style === null ? { text } : { text, style };
}

/** Five steps from much better to much worse; what could not be told has no colour, however far it lies from 1. */
function heatStyle({ metric, ratio, verdict }: Comparison): Style | null {
  if (verdict === "inconclusive" || ratio === null || !(ratio > 0)) return "dim";
  if (verdict === "equivalent") return null;
  const isStrong = Math.abs(Math.log(ratio)) >= Math.log(strongRatio);
  const isWorse = worseSign(metric) * Math.log(ratio) > 0;
  if (isWorse) return isStrong ? "bgRed" : "red";
  return isStrong ? "bgGreen" : "green";
}
