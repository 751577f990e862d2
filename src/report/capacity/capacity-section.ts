/**
 * A capacity search: the answer in a sentence an arm, what stops it, what it costs, and every step that it rests on.
 */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { formatRatio } from "../words/format.js";
import { leadLines } from "../words/words.js";
import { capacityAnswer } from "./capacity-answer.js";
import { renderCapacityChart } from "./capacity-chart.js";
import { renderCapacityCosts, renderCapacityPlan } from "./capacity-cost-section.js";
import { renderCapacityLimits } from "./capacity-limits-section.js";
import { renderCapacitySlos } from "./capacity-slo-section.js";
import { renderCapacitySteps } from "./capacity-steps-section.js";
import { renderStorm } from "./storm-section.js";

/** What the search found, in words. */
export function renderCapacityAnswer(
  capacity: Capacity,
  status: RunDocument["status"],
  page: Page,
): string[] {
  const words: Readonly<Record<RunDocument["status"], string>> = {
    complete: "",
    running: "The search goes on: this is what its steps say so far.",
    interrupted: "The search was interrupted: what its steps said until then stands here.",
    failed: "The search failed: what its steps said until then stands here.",
  };
  return [
    ...[capacity, ...capacity.others].flatMap((arm) => answer(arm, capacity, page)),
    ...ratios(capacity, page),
    ...(words[status] === "" ? [] : wrapText(words[status], page.width)),
  ];
}

/** What stands below the answer, a section each. */
export function renderCapacityDetails(capacity: Capacity, page: Page): string[][] {
  const arms = [capacity, ...capacity.others];
  return [
    renderCapacitySlos(capacity, page),
    ...arms.map((arm) => renderCapacityChart(arm, page)),
    ...arms.map((arm) => renderCapacityLimits(arm, page)),
    renderCapacityCosts(capacity, page),
    renderCapacityPlan(capacity, page),
    ...arms.map((arm) => renderStorm(arm, page)),
    ...arms.map((arm) => renderCapacitySteps(arm, page)),
  ];
}

function answer(arm: ArmCapacity, capacity: Capacity, page: Page): string[] {
  const { rate, details, held } = capacityAnswer(arm, capacity);
  const isOpen = arm.ratePerS !== null && !arm.ratePerS.isSettled;
  const style = arm.sloMet === false ? "red" : isOpen ? "yellow" : undefined;
  return [
    ...(rate === null ? [] : leadLines(rate.lead, rate.rest, { page, style })),
    ...details.flatMap((text) => wrapText(text, page.width, { first: 2, rest: 4 })),
    ...(held === null ? [] : leadLines(held.lead, held.rest, { page })),
  ];
}

function ratios({ ratios: found }: Capacity, page: Page): string[] {
  const lines = found.flatMap(({ baseline, candidate, ratio, low, high }) => {
    const words = formatRatio(ratio, low, high);
    const text = `${escapeControls(candidate)} carries ${words.ratio} (${words.interval}) of ${escapeControls(baseline)}`;
    return leadLines(text, "", { page });
  });
  if (lines.length === 0) return [];
  return [...lines, ...wrapText("Intervals hold the capacity with 90 % chance.", page.width)];
}
