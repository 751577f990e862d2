/**
 * A run on one screen: the verdict, what broke, the comparison, one table of latencies, what it cost. Everything else is in the
 * full report.
 */
import type { RunDocument } from "../../results/run-document.js";
import { capacityParts } from "../capacity/capacity-screen.js";
import type { ScreenPart } from "../draw/fit-screen.js";
import type { Page } from "../draw/page.js";
import { gateParts } from "../gate/gate-screen.js";
import { rolloutParts } from "../rollout/rollout-screen.js";
import { soakParts } from "../soak/soak-screen.js";
import { renderNoiseFloor } from "./aa-section.js";
import { renderBriefComparisons } from "./brief-comparisons.js";
import { renderComparisons } from "./comparison-section.js";
import { renderLoadCurves } from "./curve-section.js";
import { renderEffects } from "./effects-section.js";
import { renderHeat } from "./heat-section.js";
import { renderAllHeld } from "./held-section.js";
import { renderDecidingLatency } from "./latency-section.js";
import { isMatrix } from "./matrix-grid.js";
import { type PercentileCurve, renderPercentileCharts } from "./percentile-chart.js";
import { renderResidence } from "./residence-section.js";
import {
  renderAsked,
  renderCostLine,
  renderFailuresBriefly,
  renderMore,
  renderThroughputLine,
  renderTrialsOut,
  renderWarningsBriefly,
} from "./screen-sections.js";
import { renderSlos } from "./slo-section.js";
import { renderFanouts, renderPushes } from "./unasked-section.js";
import { renderVerdictKey, renderVerdicts } from "./verdict-section.js";

/** More arms than this make charts that nobody tells apart; a table says more. */
const chartedArmsMax = 4;

/** In the order they are written; what matters most has the greatest weight. */
export function screenParts(
  document: RunDocument,
  page: Page,
  curves: readonly PercentileCurve[],
): ScreenPart[] {
  return [
    ...(document.gate === undefined ? [] : gateParts(document, page)),
    ...answerParts(document, page),
    ...(searchParts(document, page) ?? seriesParts(document, page, curves)),
    { lines: renderTrialsOut(document, page), weight: 78, most: 3 },
    { lines: renderWarningsBriefly(document, page), weight: 77, most: 5, least: 2 },
    { lines: renderAsked(document, page), weight: 40, most: 3 },
    { lines: renderMore(document, page), weight: 99, most: 3 },
  ];
}

/** A gate has told its reasons, and a verdict repeats them. */
function answerParts(document: RunDocument, page: Page): ScreenPart[] {
  const isOver = document.gate !== undefined;
  if (isOver && document.arms.length === 0) return [];
  return [
    { lines: renderVerdicts(document, page), weight: isOver ? 60 : 100, most: 14, least: 2 },
    { lines: renderVerdictKey(document, page), weight: 45 },
  ];
}

/** Null of a series, which has its trials in its arms. */
function searchParts(document: RunDocument, page: Page): ScreenPart[] | null {
  const { capacity, soak, rollouts } = document;
  if (capacity !== undefined) return capacityParts(capacity, page);
  if (soak !== undefined) return soakParts(soak, page);
  return rollouts === undefined ? null : rolloutParts(document, rollouts, page);
}

function seriesParts(document: RunDocument, page: Page, curves: readonly PercentileCurve[]): ScreenPart[] {
  const heat = isMatrix(document) ? renderHeat(document, page) : [];
  const glance = heat.length > 0 ? heat : renderBriefComparisons(document, page);
  const isFewArms = document.arms.length <= chartedArmsMax;
  return [
    { lines: renderNoiseFloor(document, page), weight: 96, most: 12, least: 4 },
    { lines: renderFailuresBriefly(document, page), weight: 90, most: 6, least: 4 },
    { lines: renderSlos(document, page), weight: 88, most: 8, least: 4 },
    glance.length > 0
      ? { lines: glance, weight: 85, most: 14, least: 5 }
      : { lines: renderComparisons(document, page), weight: 85, most: 14, least: 5 },
    { lines: renderEffects(document, page), weight: 30, least: 4 },
    { lines: renderDecidingLatency(document, page), weight: 82, most: 10, least: 5 },
    { lines: renderResidence(document, page), weight: 84, most: 12, least: 4 },
    { lines: renderPushes(document, page), weight: 84, most: 10, least: 4 },
    { lines: renderFanouts(document, page), weight: 84, most: 10, least: 4 },
    { lines: renderAllHeld(document, page), weight: 67, most: 2 },
    { lines: renderThroughputLine(document, page), weight: 66, most: 3 },
    { lines: renderCostLine(document, page), weight: 80, most: 3, least: 1 },
    { lines: isFewArms ? renderLoadCurves(document, page) : [], weight: 25 },
    { lines: isFewArms ? renderPercentileCharts(curves, document, page) : [], weight: 20 },
  ];
}
