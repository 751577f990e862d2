/**
 * A capacity search: the answer in a sentence an arm, what stops it, what it costs, and every step that it rests on.
 */
import type { ArmCapacity, Capacity } from "../results/capacity-schema.js";
import type { RunDocument } from "../results/run-document.js";
import { renderCapacityChart } from "./capacity-chart.js";
import { renderCapacityCosts } from "./capacity-cost-section.js";
import { renderCapacityLimits } from "./capacity-limits-section.js";
import { renderCapacitySteps } from "./capacity-steps-section.js";
import { rangeWords } from "./capacity-words.js";
import { formatCount, formatPerS, formatRatio, formatUs } from "./format.js";
import type { Page } from "./paint.js";
import { escapeControls, wrapText } from "./plain-text.js";
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
    ...arms.map((arm) => renderCapacityChart(arm, page)),
    ...arms.map((arm) => renderCapacityLimits(arm, page)),
    renderCapacityCosts(capacity, page),
    ...arms.map((arm) => renderStorm(arm, page)),
    ...arms.map((arm) => renderCapacitySteps(arm, page)),
  ];
}

function answer(arm: ArmCapacity, { slo, holdS }: Capacity, page: Page): string[] {
  const name = escapeControls(arm.arm);
  const { ratePerS, sloMet, connections } = arm;
  const within = slo.map(escapeControls).join(" and ");
  const over = arm.steps.find(({ kind }) => kind === "search")?.connections ?? null;
  const sentences: string[] = [];
  if (ratePerS !== null) {
    const settled = ratePerS.isSettled ? "" : " (not settled yet)";
    const limit = ratePerS.isAtLeast ? "; there the generator gave out" : "";
    sentences.push(
      `${name} carries ${rangeWords(ratePerS)} messages/s over ${formatCount(over)} connections within ${within}${settled}${limit}`,
    );
  } else if (sloMet === false) sentences.push(`${name} keeps ${within} at no load that was tried`);
  else if (over !== null)
    sentences.push(`${name}: the search did not come far enough to tell what it carries`);
  if (connections !== null) {
    const { value, high, isAtLeast, stoppedBy } = connections;
    const broke = isAtLeast ? "and was not tried with more" : `and ${formatCount((high ?? 0) + 1)} broke`;
    const why = stoppedBy?.limit == null ? "" : `: ${stoppedBy.limit}`;
    sentences.push(`${name} holds ${formatCount(value)} connections for ${holdS} s, ${broke}${why}`);
  }
  return [
    ...sentences.flatMap((sentence) => wrapText(sentence, page.width, { first: 0, rest: 2 })),
    ...details(arm, page),
  ];
}

/** Messages under way tell whether a rate comes from speed or from batching. */
function details({ ratePerS, kneePerS, closedLoopPerS }: ArmCapacity, page: Page): string[] {
  const words: string[] = [];
  if (ratePerS !== null && ratePerS.inFlight !== null) {
    words.push(
      `at the SLO's edge ${formatPerS(ratePerS.inFlight)} messages are under way, with a mean response of ${formatUs(ratePerS.responseUsMean)}`,
    );
  }
  if (kneePerS !== null) {
    words.push(
      `the knee is at ${rangeWords(kneePerS)}/s, with ${formatPerS(kneePerS.inFlight)} under way and ${formatUs(kneePerS.responseUsMean)}: beyond it response grows faster than load`,
    );
  }
  if (closedLoopPerS !== null) {
    words.push(
      `a closed loop, with one message a connection, carries ${formatPerS(Number(closedLoopPerS.toPrecision(3)))}/s`,
    );
  }
  return words.flatMap((text) => wrapText(text, page.width, { first: 2, rest: 4 }));
}

function ratios({ ratios: found }: Capacity, page: Page): string[] {
  const lines = found.flatMap(({ baseline, candidate, ratio, low, high }) => {
    const words = formatRatio(ratio, low, high);
    const text = `${escapeControls(candidate)} carries ${words.ratio} (${words.interval}) of ${escapeControls(baseline)}`;
    return wrapText(text, page.width);
  });
  if (lines.length === 0) return [];
  return [...lines, ...wrapText("Intervals hold the capacity with 90 % chance.", page.width)];
}
