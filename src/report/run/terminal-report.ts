/**
 * A run as text for a terminal or a log: the answer first, then what it rests on, on one screen or in full. Nothing is computed here but
 * medians and sums over trials; a reader of `run.json` finds every number again.
 */
import type { RunDocument } from "../../results/run-document.js";
import { renderCapacityDetails } from "../capacity/capacity-section.js";
import { toAscii } from "../draw/ascii.js";
import { fitScreen, screenLines } from "../draw/fit-screen.js";
import type { Detail, Page } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { renderGate, renderGateEnd } from "../gate/gate-section.js";
import { renderRolloutDetails } from "../rollout/rollout-section.js";
import { renderSoakDetails } from "../soak/soak-section.js";
import { withShortNames } from "../words/short-names.js";
import { renderNoiseFloor } from "./aa-section.js";
import { renderComparisons } from "./comparison-section.js";
import { renderCosts } from "./cost-section.js";
import { renderCourse } from "./course-section.js";
import { renderLoadCurves } from "./curve-section.js";
import { renderEffects } from "./effects-section.js";
import { renderEnvironment } from "./environment-line.js";
import { renderExplanations } from "./explain-section.js";
import { renderFailures, renderProxyLogs } from "./failures-section.js";
import { renderGeneratorHealth, renderWarnings } from "./health-section.js";
import { renderHeat } from "./heat-section.js";
import { renderHeld } from "./held-section.js";
import { renderLatencies } from "./latency-section.js";
import { type PercentileCurve, renderPercentileCharts } from "./percentile-chart.js";
import { renderChanges, renderQuestion } from "./question-section.js";
import { renderResidence } from "./residence-section.js";
import { screenParts } from "./screen-report.js";
import { renderSlos } from "./slo-section.js";
import { renderSplit } from "./split-section.js";
import { renderStages } from "./stages-section.js";
import { renderThroughputChart } from "./throughput-chart.js";
import { renderFanouts, renderPushes } from "./unasked-section.js";
import { renderVerdictKey, renderVerdicts } from "./verdict-section.js";

export interface TerminalReportOptions {
  /** Columns of the terminal; no line is wider. Below 24 it is taken as 24. */
  readonly width: number;
  readonly colour: boolean;
  /** False where the terminal shows nothing but ASCII; true when left out. */
  readonly unicode?: boolean;
  /** `usual` when left out. */
  readonly detail?: Detail;
  /** Read from the histogram logs, which the run document does not hold; no curves, no chart of them. */
  readonly curves?: readonly PercentileCurve[];
  /** Say of every verdict what it rests on, and of every config what was changed to run it. */
  readonly explain?: boolean;
}

const widthMin = 24;

/** The whole report, ending in a newline. */
export function renderTerminalReport(stored: RunDocument, options: TerminalReportOptions): string {
  const document = withShortNames(stored);
  const page: Page = {
    width: Number.isFinite(options.width) ? Math.max(widthMin, Math.floor(options.width)) : 80,
    paint: createPaint({ colour: options.colour }),
  };
  const { curves = [], detail = "usual", explain = false } = options;
  const end = document.gate === undefined ? [] : renderGateEnd(document.gate, page);
  const reasons = explain ? [renderExplanations(document, page), renderChanges(document, page)] : [];
  const rows = screenLines - (end.length === 0 ? 0 : end.length + 1);
  const told =
    detail === "full"
      ? fullSections(document, page, curves)
      : [fitScreen(screenParts(document, { ...page, isBrief: true }, curves), page, rows)];
  const sections = [...told, ...reasons, end];
  const filled = sections.filter((lines) => lines.length > 0);
  const report = `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return options.unicode === false ? toAscii(report) : report;
}

function fullSections(document: RunDocument, page: Page, curves: readonly PercentileCurve[]): string[][] {
  return (
    searchSections(document, page) ?? [
      ...renderGate(document, page),
      ...seriesSections(document, page, curves),
    ]
  );
}

/** A search has its trials in its steps, a soak in its windows; null for any other run. */
function searchSections(document: RunDocument, page: Page): string[][] | null {
  const { capacity, soak, rollouts } = document;
  if (capacity === undefined && soak === undefined && rollouts === undefined) return null;
  return [
    renderVerdicts(document, page),
    ...(capacity === undefined ? [] : renderCapacityDetails(capacity, page)),
    ...(soak === undefined ? [] : renderSoakDetails(soak, page)),
    ...(rollouts === undefined
      ? []
      : [
          renderSlos(document, page),
          ...renderRolloutDetails(rollouts, document.rolloutComparisons ?? [], page),
        ]),
    renderWarnings(document, page),
    renderEnvironment(document, page),
  ];
}

function seriesSections(document: RunDocument, page: Page, curves: readonly PercentileCurve[]): string[][] {
  // A gate that its findings decided has measured nothing.
  if (document.gate !== undefined && document.arms.length === 0) return [renderEnvironment(document, page)];
  return [
    renderVerdicts(document, page),
    renderVerdictKey(document, page),
    renderNoiseFloor(document, page),
    renderHeat(document, page),
    renderComparisons(document, page),
    renderEffects(document, page),
    renderSlos(document, page),
    renderQuestion(document, page),
    renderSplit(document, page),
    renderResidence(document, page),
    renderStages(document, page),
    renderPushes(document, page),
    renderFanouts(document, page),
    renderLatencies(document, page),
    renderLoadCurves(document, page),
    renderPercentileCharts(curves, document, page),
    renderCourse(document, page),
    renderThroughputChart(document, page),
    renderHeld(document, page),
    renderCosts(document, page),
    renderFailures(document, page),
    renderProxyLogs(document, page),
    renderWarnings(document, page),
    renderGeneratorHealth(document, page),
    renderEnvironment(document, page),
  ];
}
