/**
 * The places where the page's script draws charts, each with its numbers as a table: for who cannot see the drawing,
 * for paper, and for a browser that runs no scripts.
 */

import { escapeControls } from "../draw/plain-text.js";
import { formatPerS, formatSeconds, formatUs } from "../words/format.js";
import { seriesWords } from "../words/latency-series.js";
import { type Html, html } from "./markup.js";
import type { PercentileChart, ReportData, TimeChart } from "./report-data.js";

/** Latency by percentile; null without histograms. */
export function renderPercentileFigure(data: ReportData): Html | null {
  if (data.percentiles.length === 0) return null;
  return renderFigure(
    "percentiles",
    "Latency by percentile, all trials merged, disqualified ones too. Each further nine takes as much room as the one before.",
    data.percentiles.map((chart) => renderPercentiles(chart, data)),
  );
}

/** Every trial in the order of time; null without trials. */
export function renderTimeFigure(data: ReportData): Html | null {
  if (data.times.length === 0) return null;
  return renderFigure(
    "time",
    "Each point is one trial, each band one block. A cross is a disqualified trial, which is out of the comparison.",
    [renderTrials(data)],
  );
}

/** The tail of every slice; null without slices. */
export function renderSliceFigure({ arms, slices }: ReportData): Html | null {
  if (slices === null) return null;
  const count = (arm: number, stall: "proxy" | "machine"): string =>
    String((slices.slices[arm] ?? []).filter((place) => place.stall === stall).length);
  return renderFigure(
    "slices",
    "Each point is the p99 of one slice of a trial, a tenth of a second unless the load is low. A cross stands out from all (a stall); a ring does too, and in it the generator, the backend or the machine stood still: it is set aside.",
    [
      renderNumbers(
        capitalised(slices.name),
        ["arm", "slices", "stalls", "set aside"],
        arms.map(({ name }, arm) => [
          escapeControls(name),
          String(slices.slices[arm]?.length ?? 0),
          count(arm, "proxy"),
          count(arm, "machine"),
        ]),
      ),
    ],
  );
}

/** Latency against throughput; null unless some arm ran under several loads. */
export function renderLoadFigure(data: ReportData): Html | null {
  if (data.loads.curves.length === 0) return null;
  return renderFigure(
    "load",
    `${capitalised(seriesWords(data.loads.series))} against throughput: medians over the trials.`,
    [
      renderNumbers(
        "Latency against throughput",
        ["arm", "throughput/s", "p50", "p99"],
        data.loads.curves.flatMap(({ points }) =>
          points.map(({ arm, throughputPerS, p50Us, p99Us }) => [
            escapeControls(arm),
            formatPerS(throughputPerS),
            formatUs(p50Us),
            formatUs(p99Us),
          ]),
        ),
      ),
    ],
  );
}

/** @param chart names the views that the page's script draws in it */
export function renderFigure(chart: string, caption: string | Html, tables: readonly Html[]): Html {
  return html`<figure class="chart" data-chart="${chart}">
<figcaption>${caption}</figcaption>
<div class="chart-place"></div>
<details><summary>The numbers as ${tables.length === 1 ? "a table" : "tables"}</summary>${tables}</details>
</figure>`;
}

const listed = [0, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999];

/** Of the many points those at the percentiles that people speak of: the last point that is not past them. */
function renderPercentiles({ name, nines, us }: PercentileChart, { arms }: ReportData): Html {
  const rows = listed.flatMap((percentile) => {
    const wanted = -Math.log10(1 - percentile / 100);
    const at = nines.findIndex((value) => value >= wanted - 0.05);
    return at < 0
      ? []
      : [[`${percentileOf(nines[at] ?? 0)} %`, ...us.map((values) => formatUs(values[at] ?? null))]];
  });
  return renderNumbers(
    `Percentiles of ${name}`,
    ["percentile", ...arms.map(({ name }) => escapeControls(name))],
    rows,
  );
}

function percentileOf(nines: number): string {
  const percentile = 100 * (1 - 10 ** -nines);
  return String(Number(percentile.toFixed(Math.max(1, Math.ceil(nines)))));
}

function renderTrials({ arms, trials, times }: ReportData): Html {
  const rows = arms.flatMap(({ name }, a) =>
    (trials[a] ?? []).map(({ block, startS, out }, t) => ({
      startS,
      cells: [
        String(block),
        escapeControls(name),
        formatSeconds(startS),
        ...times.map((chart) => formatValue(chart, chart.values[a]?.[t] ?? null)),
        out ? "yes" : "",
      ],
    })),
  );
  return renderNumbers(
    "Trials",
    ["block", "arm", "start", ...times.map((chart) => chart.name), "disqualified"],
    rows.sort((a, b) => a.startS - b.startS).map(({ cells }) => cells),
  );
}

function formatValue({ unit }: TimeChart, value: number | null): string {
  return unit === "us" ? formatUs(value) : formatPerS(value);
}

/** A table whose first column names the row. */
export function renderNumbers(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): Html {
  return html`<div class="table" tabindex="0" role="group" aria-label="Table: ${caption}"><table class="numbers">
<caption>${caption}</caption>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first = "", ...others]) =>
      html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
  )}</tbody></table></div>`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
