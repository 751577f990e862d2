/**
 * A report on one screen: of its parts the weightiest, in the order they are written, as far as there is room. What is left
 * out or cut is in the full report, which the report's last line names.
 */
import { formatNumberOf } from "../words/format.js";
import type { Page } from "./page.js";

export interface ScreenPart {
  readonly lines: readonly string[];
  /** The greatest gets its room first. */
  readonly weight: number;
  /** More lines than these are cut; all of them when left out. */
  readonly most?: number;
  /** Worth showing cut down to so many lines; whole or not at all when left out. */
  readonly least?: number;
}

/** Lines of a report that leave room on a screen of 40 for what is said before and after it. */
export const screenLines = 34;

/** The lines of what fits, an empty one between parts. */
export function fitScreen(parts: readonly ScreenPart[], page: Page, rows: number): string[] {
  const shown = new Map<ScreenPart, readonly string[]>();
  let used = 0;
  const filled = parts.filter(({ lines }) => lines.length > 0);
  for (const part of [...filled].sort((a, b) => b.weight - a.weight)) {
    const { lines, most = lines.length, least = most } = part;
    const room = rows - used - (used === 0 ? 0 : 1);
    const taken = Math.min(most, lines.length, room);
    if (taken < Math.min(least, lines.length)) continue;
    shown.set(part, cutLines(lines, taken, page));
    used += taken + (used === 0 ? 0 : 1);
  }
  return filled.flatMap((part) => (shown.has(part) ? ["", ...(shown.get(part) ?? [])] : [])).slice(1);
}

/** The first of them, and how many more there are, in no more than so many lines. */
function cutLines(lines: readonly string[], most: number, page: Page): readonly string[] {
  if (lines.length <= most) return lines;
  const kept = lines.slice(0, most - 1);
  return [...kept, page.paint("dim", `  … ${formatNumberOf(lines.length - kept.length, "more line")}`)];
}
