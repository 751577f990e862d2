/** A capacity search on one screen: the answer, what limits it, the plan, and latency against load where there is room. */
import type { Capacity } from "../../results/capacity-schema.js";
import type { ScreenPart } from "../draw/fit-screen.js";
import type { Page } from "../draw/page.js";
import { renderCapacityChart } from "./capacity-chart.js";
import { renderCapacityCostLine, renderCapacityPlan } from "./capacity-cost-section.js";
import { renderCapacityLimits } from "./capacity-limits-section.js";
import { renderCapacitySlos } from "./capacity-slo-section.js";
import { renderStorm } from "./storm-section.js";

/** What stands below the answer. */
export function capacityParts(capacity: Capacity, page: Page): ScreenPart[] {
  const arms = [capacity, ...capacity.others];
  return [
    { lines: renderCapacityPlan(capacity, page), weight: 86, most: 8, least: 2 },
    { lines: renderCapacitySlos(capacity, page), weight: 85, most: 7, least: 4 },
    ...arms.map((arm) => ({ lines: renderCapacityChart(arm, page), weight: 68 })),
    ...arms.map((arm) => ({
      lines: renderCapacityLimits({ ...arm, limits: arm.limits.filter(isMet) }, page),
      weight: 70,
      most: 6,
      least: 4,
    })),
    { lines: renderCapacityCostLine(capacity, page), weight: 72, most: 3, least: 1 },
    ...arms.map((arm) => ({ lines: renderStorm(arm, page), weight: 60, most: 9, least: 6 })),
  ];
}

/** Run into, and not only foretold. */
function isMet({ measured }: Capacity["limits"][number]): boolean {
  return measured !== null;
}
