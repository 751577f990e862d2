/** Latency against load as a chart, with its steps and the places on its axis as tables. */

import { escapeControls } from "../draw/plain-text.js";
import { formatPerS, formatUs } from "../words/format.js";
import type { CapacityArm, CapacityChart } from "./capacity-data.js";
import { renderFigure, renderNumbers } from "./chart-part.js";
import { type Html, html } from "./markup.js";

/** Null where the chart is. */
export function renderCapacityFigure(chart: CapacityChart | null): Html | null {
  if (chart === null) return null;
  return renderFigure(
    "capacity",
    html`Each point is a step at the load that was offered: ${renderKey("dot")} kept, ${renderKey("cross")} the SLO missed, ${renderKey("ring")} measured only, ${renderKey("diamond")} void, for the generator was not fit. A line is the curve that lies nearest to the steps that count and never falls; a shaded stretch is the interval of the knee or of the edge.`,
    [...chart.arms.map((arm, i) => renderSteps(chart, arm, i)), renderPlaces(chart)],
  );
}

function renderSteps({ arms, series }: CapacityChart, { name, loads, steps }: CapacityArm, at: number): Html {
  const title = arms.length === 1 ? "Steps by load" : `Steps of ${escapeControls(name)} by load`;
  return renderNumbers(
    title,
    ["offered/s", ...series.map((one) => one.name), "outcome"],
    steps.map((step, i) => [
      formatPerS(loads[step.at]),
      ...series.map((one) => formatUs(one.arms[at]?.us[i] ?? null)),
      step.outcome,
    ]),
  );
}

function renderPlaces({ arms }: CapacityChart): Html {
  return renderNumbers(
    "Knee, edge and limit",
    ["arm", "mark", "messages/s", "interval"],
    arms.flatMap(({ name, places }) =>
      places.map(({ words, perS, low, high }) => [
        escapeControls(name),
        words,
        formatPerS(Number(perS.toPrecision(3))),
        high > low ? `${formatPerS(low)} to ${formatPerS(high)}` : "",
      ]),
    ),
  );
}

/** The shape that the chart draws. */
function renderKey(shape: "dot" | "cross" | "ring" | "diamond"): Html {
  const drawings = {
    dot: html`<circle cx="7" cy="7" r="4"/>`,
    cross: html`<path d="M3 3L11 11M3 11L11 3"/>`,
    ring: html`<circle class="hollow" cx="7" cy="7" r="4"/>`,
    diamond: html`<path class="hollow" d="M7 1.5L12.5 7L7 12.5L1.5 7Z"/>`,
  };
  return html`<svg class="shape" viewBox="0 0 14 14" aria-hidden="true">${drawings[shape]}</svg>`;
}
