/**
 * A run as text for a terminal or a log: the answer first, then what it rests on. Nothing is computed here but
 * medians and sums over trials; a reader of `run.json` finds every number again.
 */
import type { RunDocument } from "../../results/run-document.js";
import { renderCapacityDetails } from "../capacity/capacity-section.js";
import { toAscii } from "../draw/ascii.js";
import type { Detail, Page } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderGate } from "../gate/gate-section.js";
import { renderRolloutDetails } from "../rollout/rollout-section.js";
import { renderSoakDetails } from "../soak/soak-section.js";
import { withShortNames } from "../words/short-names.js";
import { dimText } from "../words/words.js";
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
import { isMatrix } from "./matrix-grid.js";
import { type PercentileCurve, renderPercentileCharts } from "./percentile-chart.js";
import { renderQuestion } from "./question-section.js";
import { renderSlos } from "./slo-section.js";
import { renderSplit } from "./split-section.js";
import { renderThroughputChart } from "./throughput-chart.js";
import { renderVerdicts } from "./verdict-section.js";

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
  /** Say of every verdict what it rests on. */
  readonly explain?: boolean;
}

const widthMin = 24;
/** More arms than this make charts that nobody tells apart; a table says more. */
const chartedArmsMax = 4;
/** Beyond so many arms a matrix's usual report keeps to what is compared, or nobody finds the answer in it. */
const detailedArmsMax = 6;

/** The whole report, ending in a newline. */
export function renderTerminalReport(stored: RunDocument, options: TerminalReportOptions): string {
  const document = withShortNames(stored);
  const page: Page = {
    width: Number.isFinite(options.width) ? Math.max(widthMin, Math.floor(options.width)) : 80,
    paint: createPaint({ colour: options.colour }),
  };
  const sections = detailsOf(document, page) ?? [
    ...renderedGate(document, page),
    ...sectionsOf(document, page, options),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  const report = `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return options.unicode === false ? toAscii(report) : report;
}

/** The gate's answer goes first. */
function renderedGate(document: RunDocument, page: Page): string[][] {
  return document.gate === undefined ? [] : [renderGate(document, page)];
}

/** A search has its trials in its steps, a soak in its windows; null for any other run. */
function detailsOf(document: RunDocument, page: Page): string[][] | null {
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

function sectionsOf(
  document: RunDocument,
  page: Page,
  { curves = [], detail = "usual", explain = false }: TerminalReportOptions,
): string[][] {
  // A gate that its findings decided has measured nothing.
  if (document.gate !== undefined && document.arms.length === 0) return [renderEnvironment(document, page)];
  const heat = renderHeat(document, page);
  const isFull = detail === "full";
  const isFewArms = isFull || document.arms.length <= chartedArmsMax;
  const isManyArms = !isFull && isMatrix(document) && document.arms.length > detailedArmsMax;
  const isClosedLoop = document.arms.some(({ ratePerS }) => ratePerS === null);
  const loadCurves = renderLoadCurves(document, page);
  return [
    renderVerdicts(document, page),
    renderNoiseFloor(document, page),
    explain ? renderExplanations(document, page) : [],
    heat,
    heat.length > 0 && isMatrix(document) && !isFull ? [] : renderComparisons(document, page),
    renderEffects(document, page),
    renderSlos(document, page),
    renderQuestion(document, page),
    isManyArms ? [] : renderSplit(document, page),
    renderLatencies(document, { page, detail: isManyArms ? "brief" : detail }),
    loadCurves,
    isFewArms ? renderPercentileCharts(curves, document, page) : [],
    isFewArms ? renderCourse(document, page) : [],
    isFewArms && (isFull || isClosedLoop) ? renderThroughputChart(document, page) : [],
    renderHeld(document, { page, detail: isManyArms ? "brief" : detail }),
    renderCosts(document, { page, detail: isManyArms ? "brief" : detail }),
    renderFailures(document, page),
    renderProxyLogs(document, page),
    renderWarnings(document, page),
    renderGeneratorHealth(document, page),
    renderEnvironment(document, page),
    isFull
      ? []
      : dimText(`wsrally report ${escapeControls(document.runId)} --full: every series and chart`, page),
  ];
}
