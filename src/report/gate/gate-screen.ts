/** A gate on one screen: outcome, reasons, regressions with their cures, and what changed, as far as there is room. */
import type { RunDocument } from "../../results/run-document.js";
import type { ScreenPart } from "../draw/fit-screen.js";
import type { Page } from "../draw/page.js";
import { renderBill } from "../rollout/rollout-section.js";
import { renderDiff, renderGateAnswer, renderNoise, renderRegressions } from "./gate-section.js";

const diffLinesMost = 8;

/** What stands above its measurements. */
export function gateParts(document: RunDocument, page: Page): ScreenPart[] {
  const { gate } = document;
  if (gate === undefined) return [];
  const { pairs, rollouts = [] } = gate;
  const regressions = pairs.flatMap((pair) => renderRegressions(pair, page));
  return [
    { lines: renderGateAnswer(gate, page), weight: 100, most: 12, least: 2 },
    ...regressions.map((lines, at) => ({ lines, weight: 94 - at / 100, most: 12, least: 4 })),
    { lines: rollouts.length === 0 ? [] : renderBill(rollouts, page), weight: 75, most: 8, least: 4 },
    ...pairs.map((pair) => ({
      lines: renderDiff(pair, page, diffLinesMost),
      weight: 64,
      most: 12,
      least: 4,
    })),
    { lines: renderNoise(gate, page), weight: 35 },
  ];
}
