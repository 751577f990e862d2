/** The page's script: reads the run's data from the page itself and draws its charts. */
import "./language.js";
import type { ReportData } from "../report-data.js";
import { capacityViews } from "./capacity-view.js";
import { loadViews } from "./load-view.js";
import { mountChart } from "./mount-chart.js";
import { percentileViews } from "./percentile-view.js";
import { sliceViews } from "./slice-view.js";
import { soakViews } from "./soak-view.js";
import { setUpTheme } from "./theme.js";
import { timeViews } from "./time-view.js";

const source = document.getElementById("report-data")?.textContent;
if (source) {
  const data = JSON.parse(source) as ReportData;
  const views = {
    capacity: capacityViews,
    soak: soakViews,
    percentiles: percentileViews,
    time: timeViews,
    slices: sliceViews,
    load: loadViews,
  };
  const charts = Object.entries(views).flatMap(([name, viewsOf]) => {
    const place = document.querySelector<HTMLElement>(`[data-chart="${name}"] .chart-place`);
    return place === null ? [] : [mountChart(place, viewsOf(data))];
  });
  setUpTheme(() => {
    for (const chart of charts) chart.redraw();
  });
  // Paper is narrower than most screens, and a canvas keeps the width it was drawn at.
  window.addEventListener("beforeprint", () => {
    for (const chart of charts) chart.redraw(680);
  });
  window.addEventListener("afterprint", () => {
    for (const chart of charts) chart.redraw();
  });
}
