/** Many comparisons at a glance: tables whose cells are tinted by how far each ratio leans to better or to worse. */
import { worseSign } from "../../judge/series/log-ratios.js";
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import { escapeControls } from "../draw/plain-text.js";
import { isMatrix, type MatrixGrid, matrixGrids } from "../run/matrix-grid.js";
import { isJudged } from "../run/verdict-section.js";
import { absent, formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { comparedPairs } from "./comparison-part.js";
import { type Html, html } from "./markup.js";

/** Tints to each side of none. */
const tints = 4;
/** At least so large a factor has the deepest tint, and a greater one never needs more than the second. */
const [reachMin, reachMax] = [Math.log(1.1), Math.log(2)];

interface HeatMap {
  readonly title: string;
  /** Over the rows' names. */
  readonly corner: string;
  readonly columns: readonly string[];
  /** A text stands where there is nothing to compare. */
  readonly rows: readonly { readonly name: string; readonly cells: readonly (Comparison | string)[] }[];
}

/** Null for fewer than two pairs: there is nothing to look over. */
export function renderHeatPart(document: RunDocument): Html | null {
  if (comparedPairs(document).length < 2) return null;
  const maps = isMatrix(document)
    ? document.scenario.metrics
        .filter((metric) => !isByDifference(metric))
        .flatMap((metric) => matrixGrids(document, metric).map(mapOfGrid))
    : [mapOfCandidates(document)];
  const logs = document.comparisons.flatMap(({ ratio }) =>
    ratio === null || ratio <= 0 ? [] : [Math.abs(Math.log(ratio))],
  );
  const reach = Math.max(reachMin, Math.min(reachMax, Math.max(0, ...logs)));
  return html`<p class="note">Candidate / baseline; the tint grows with the ratio, from <span class="key heat-b4">better</span> over <span class="key heat-0">alike</span> to <span class="key heat-w4">worse</span>, and is paler where there is no verdict. The words say what is proven.</p>
${maps.map((map) => renderMap(map, reach, document))}`;
}

/** What is compared along the columns, under what down the rows. */
function mapOfGrid({ metric, rowAxis, columnAxis, rows, columns, fixed, cells }: MatrixGrid): HeatMap {
  const where = fixed.map(([axis, value]) => `${axis} ${value}`).join(", ");
  return {
    title: escapeControls(`${metricWords(metric)}${where === "" ? "" : ` at ${where}`}`),
    corner: escapeControls(`${rowAxis} \\ ${columnAxis}`),
    columns: columns.map(escapeControls),
    rows: rows.map((name, i) => ({
      name: escapeControls(name),
      cells: (cells[i] ?? []).map((cell) => cell?.comparison ?? (cell?.isBaseline ? "baseline" : absent)),
    })),
  };
}

/** A row a candidate, a column a metric. */
function mapOfCandidates(document: RunDocument): HeatMap {
  const all = [...new Set(document.comparisons.map(({ metric }) => metric))];
  const metrics = all.filter((metric) => !isByDifference(metric));
  return {
    title: "Candidates by metric",
    corner: "candidate / baseline",
    columns: metrics.map(metricWords),
    rows: comparedPairs(document).map(({ baseline, candidate, comparisons }) => ({
      name: `${escapeControls(candidate)} / ${escapeControls(baseline)}`,
      cells: metrics.map((metric) => comparisons.find((one) => one.metric === metric) ?? absent),
    })),
  };
}

function renderMap({ title, corner, columns, rows }: HeatMap, reach: number, document: RunDocument): Html {
  return html`<h3>${title}</h3>
<div class="table" tabindex="0" role="group" aria-label="Heat map: ${title}"><table class="heat">
<thead><tr><th scope="col">${corner}</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ name, cells }) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => renderCell(cell, reach, document))}</tr>\n`,
  )}</tbody></table></div>`;
}

function renderCell(cell: Comparison | string, reach: number, document: RunDocument): Html {
  if (typeof cell === "string" || cell.ratio === null) {
    return html`<td class="heat-none">${typeof cell === "string" ? cell : absent}</td>`;
  }
  const { ratio, ciLow, ciHigh, verdict } = cell;
  const judged = isJudged(cell, document);
  const isFound = judged && (verdict === "better" || verdict === "worse");
  return html`<td class="${tintOf(cell, isFound ? reach : 2 * reach)}${isFound ? " found" : ""}">${formatRatio(ratio, ciLow, ciHigh).ratio}<span class="under">${judged ? verdict : "not judged"}</span></td>`;
}

function tintOf({ ratio, metric }: Comparison, reach: number): string {
  const lean = ratio === null || ratio <= 0 ? 0 : (worseSign(metric) * Math.log(ratio)) / reach;
  const level = Math.max(-tints, Math.min(tints, Math.round(lean * tints)));
  return level === 0 ? "heat-0" : level > 0 ? `heat-w${level}` : `heat-b${-level}`;
}
