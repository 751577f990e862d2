/** Talk beside the results, as standard error shows it: text alone, without what can be told for a secret. */
import { maskText } from "../../base/mask-secrets.js";
import type { ProgressEvent } from "../../results/progress-event.js";
import { displayWidth, escapeControls, wrapText } from "./plain-text.js";

/** Narrower than this nothing can be read, and words are broken anyway. */
const leastColumns = 24;
/** What goes on on the next line of a terminal stands in from the first. */
const hang = 2;

/**
 * One line of talk: broken between words where a terminal would break it anywhere, whole where a log or a pipe keeps lines.
 * A line that fits stays as it is, for what it is aligned with may stand above it.
 * @param columns of the terminal; undefined where there is none
 */
export function talkText(line: string, columns: number | undefined): string {
  // Masked while it is whole: a line may break within a URL.
  const text = escapeControls(maskText(line));
  if (columns === undefined || displayWidth(text) <= columns) return text;
  const first = text.length - text.trimStart().length;
  return wrapText(text, Math.max(leastColumns, columns), { first, rest: first + hang }).join("\n");
}

/** The same for a program: an event as its line of JSON, which ends in a newline. */
export function talkEvent(event: ProgressEvent): string {
  if (event.event === "progress" || event.message === null) return `${JSON.stringify(event)}\n`;
  return `${JSON.stringify({ ...event, message: maskText(event.message) })}\n`;
}
