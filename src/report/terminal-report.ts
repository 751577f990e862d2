/**
 * A run as text for a terminal or a log: the answer first, then what it rests on. Nothing is computed here but
 * medians and sums over trials; a reader of `run.json` finds every number again.
 */
import type { RunDocument } from "../results/run-document.js";
import { renderComparisons } from "./comparison-section.js";
import { renderCosts } from "./cost-section.js";
import { renderEnvironment } from "./environment-line.js";
import { renderFailures, renderProxyLogs } from "./failures-section.js";
import { renderGeneratorHealth, renderWarnings } from "./health-section.js";
import { renderHeld } from "./held-section.js";
import { renderLatencies } from "./latency-section.js";
import { createPaint, type Page } from "./paint.js";
import { type PercentileCurve, renderPercentileCharts } from "./percentile-chart.js";
import { renderQuestion } from "./question-section.js";
import { renderThroughputChart } from "./throughput-chart.js";
import { renderVerdicts } from "./verdict-section.js";

export interface TerminalReportOptions {
  /** Columns of the terminal; no line is wider. Below 24 it is taken as 24. */
  readonly width: number;
  readonly colour: boolean;
  /** Read from the histogram logs, which the run document does not hold; no curves, no chart of them. */
  readonly curves?: readonly PercentileCurve[];
}

const widthMin = 24;

/** The whole report, ending in a newline. */
export function renderTerminalReport(document: RunDocument, options: TerminalReportOptions): string {
  const page: Page = {
    width: Number.isFinite(options.width) ? Math.max(widthMin, Math.floor(options.width)) : 80,
    paint: createPaint({ colour: options.colour }),
  };
  const sections = [
    renderVerdicts(document, page),
    renderQuestion(document, page),
    renderHeld(document, page),
    renderLatencies(document, page),
    renderCosts(document, page),
    renderComparisons(document, page),
    renderPercentileCharts(options.curves ?? [], document, page),
    renderThroughputChart(document, page),
    renderFailures(document, page),
    renderProxyLogs(document, page),
    renderWarnings(document, page),
    renderGeneratorHealth(document, page),
    renderEnvironment(document, page),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
