/** A rollout on one screen: the cure, the bill, and the course of the first where there is room. */
import type { Rollout } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { ScreenPart } from "../draw/fit-screen.js";
import type { Page } from "../draw/page.js";
import { renderSlos } from "../run/slo-section.js";
import { renderRolloutComparisons } from "./rollout-comparison-section.js";
import { renderBill, renderCourse, renderCures, renderLatency, rolloutName } from "./rollout-section.js";

/** What stands below the answer. */
export function rolloutParts(document: RunDocument, rollouts: readonly Rollout[], page: Page): ScreenPart[] {
  const [first] = rollouts;
  return [
    { lines: renderCures(rollouts, page), weight: 90, most: 9, least: 2 },
    { lines: renderSlos(document, page), weight: 88, most: 6, least: 4 },
    {
      lines: renderRolloutComparisons(document.rolloutComparisons ?? [], page),
      weight: 85,
      most: 8,
      least: 4,
    },
    { lines: renderBill(rollouts, page), weight: 80, most: 8, least: 4 },
    { lines: renderLatency(rollouts, page), weight: 70, most: 6, least: 4 },
    { lines: first === undefined ? [] : renderCourse(first, rolloutName(first, rollouts), page), weight: 50 },
  ];
}
