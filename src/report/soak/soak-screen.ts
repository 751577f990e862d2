/** A soak on one screen: what broke, its trends, and the course of it where there is room. */
import type { Soak } from "../../results/soak-schema.js";
import type { ScreenPart } from "../draw/fit-screen.js";
import type { Page } from "../draw/page.js";
import { renderCourse, renderSoakFailures, renderSoakTrends } from "./soak-section.js";

/** What stands below the answer. */
export function soakParts(soak: Soak, page: Page): ScreenPart[] {
  return [
    { lines: renderSoakFailures(soak, page), weight: 90, most: 8, least: 4 },
    { lines: renderSoakTrends(soak, page), weight: 80, most: 10, least: 4 },
    { lines: renderCourse(soak, page), weight: 50 },
  ];
}
