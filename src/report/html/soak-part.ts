/** A soak over its time as a chart, with its windows as a table. */

import { metricValue } from "../soak/soak-words.js";
import { formatSeconds } from "../words/format.js";
import { renderFigure, renderNumbers } from "./chart-part.js";
import { type Html, html } from "./markup.js";
import type { SoakChart } from "./soak-data.js";

/** Null where the chart is. */
export function renderSoakFigure(chart: SoakChart | null): Html | null {
  if (chart === null) return null;
  const lines = chart.groups.flatMap((group) => group.lines);
  return renderFigure(
    "soak",
    html`Each point is one window, a cross one in which something failed. The lines are the trends, by Theil and Sen, over the windows after the first tenth.`,
    [
      renderNumbers(
        "Windows",
        ["at", ...lines.map(({ name }) => name), "failures"],
        chart.atS.map((at, i) => [
          formatSeconds(at),
          ...lines.map(({ metric, values }) => {
            const value = values[i] ?? null;
            return value === null ? "-" : metricValue(metric, value);
          }),
          chart.spoilt[i] ? "yes" : "",
        ]),
      ),
    ],
  );
}
