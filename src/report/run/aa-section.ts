/** An A/A run in words: what this machine shows where there is nothing to show. */
import type { NoiseFloor } from "../../results/noise-floor-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { absent, formatNumberOf, formatPercent, formatRatio, formatSecondsLeft } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { heading, legendText } from "../words/words.js";

export function renderNoiseFloor({ aa }: RunDocument, page: Page): string[] {
  if (aa === undefined) return [];
  const title = `Noise floor: ${escapeControls(aa.arm)} against itself, ${formatNumberOf(aa.blocks, "block")} in ${formatSecondsLeft(aa.seconds)}`;
  return [
    ...heading(title, page),
    ...wrapText(outcomeWords(aa), page.width, { first: 2, rest: 4 }),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "smallest slowdown shown", align: "right" },
          { title: "ratio", align: "right" },
          { title: "interval", align: "right", keep: 1 },
        ],
        rows: aa.metrics
          .filter(({ metric }) => !isByDifference(metric))
          .map(({ metric, ratio, ciLow, ciHigh, smallestEffect }) => {
            const text = formatRatio(ratio, ciLow, ciHigh);
            const smallest = smallestEffect === null ? absent : formatPercent(smallestEffect);
            return { cells: [metricWords(metric), smallest, text.ratio, text.interval] };
          }),
      },
      page,
    ),
    ...legendText(
      "Smallest slowdown shown: found 4 times in 5 in as many blocks as these. Four times the blocks show one half as large.",
      page,
    ),
  ];
}

function outcomeWords({ verdicts }: NoiseFloor): string {
  const { better, worse, equivalent, inconclusive } = verdicts;
  const judged = better + worse + equivalent + inconclusive;
  const alarms = better + worse;
  const rest = [
    ...(equivalent > 0 ? [`${equivalent} equivalent`] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive: too little time for the margin`] : []),
  ].join(", ");
  if (alarms === 0) {
    return `No false alarm in ${formatNumberOf(judged, "comparison")}${rest === "" ? "" : ` (${rest})`}.`;
  }
  return (
    `FALSE ALARM: ${worse} worse and ${better} better of ${formatNumberOf(judged, "comparison")}, where both arms are the same. ` +
    "It may happen in 1 run of 50; if it comes again, something here keeps trials from being independent: do not trust a verdict of this machine."
  );
}
