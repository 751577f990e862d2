/** Many candidates at a glance: a row each, with the ratio and the verdict of every metric that was judged. */
import type { Comparison } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Cell } from "../draw/table-model.js";
import { comparedText } from "../words/compared-words.js";
import { absent } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { groupLabels, isJudged, verdictStyles } from "./verdict-section.js";

/** So many pairs have room on a screen, each with its intervals drawn. */
const drawnPairs = 2;

/** Nothing for a few pairs, which are drawn. */
export function renderBriefComparisons(document: RunDocument, page: Page): string[] {
  const judged = document.comparisons.filter((one) => isJudged(one, document));
  const pairs = [
    ...new Map(judged.map((one) => [JSON.stringify([one.baseline, one.candidate]), one])).values(),
  ];
  if (pairs.length <= drawnPairs) return [];
  const metrics = [...new Set(judged.map(({ metric }) => metric))];
  const cellOf = ({ baseline, candidate }: Comparison, metric: Comparison["metric"]): Cell => {
    const one = judged.find(
      (other) => other.metric === metric && other.baseline === baseline && other.candidate === candidate,
    );
    if (one === undefined) return { text: absent, style: "dim" };
    return {
      text: `${comparedText(one).ratio} ${groupLabels[one.verdict]}`,
      style: verdictStyles[one.verdict],
    };
  };
  return [
    ...heading("Comparisons", page),
    ...renderTable(
      {
        columns: [
          { title: "candidate / baseline", align: "left" },
          ...metrics.map((metric, index) => ({
            title: metricWords(metric),
            align: "left" as const,
            keep: metrics.length - index,
          })),
        ],
        rows: pairs.map((pair) => ({
          cells: [
            escapeControls(`${pair.candidate} / ${pair.baseline}`),
            ...metrics.map((metric) => cellOf(pair, metric)),
          ],
        })),
      },
      page,
    ),
    ...dimText("intervals and margins: in the full report", page),
  ];
}
