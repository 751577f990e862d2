/** Words around tables and charts, kept to the page. */
import type { Page } from "./paint.js";
import { wrapText } from "./plain-text.js";

/** A section's title. */
export function heading(text: string, page: Page): string[] {
  return wrapText(text, page.width).map((line) => page.paint("bold", line));
}

/** What stands under a table, in its indentation: there for who asks, quiet for who does not. */
export function dimText(text: string, page: Page): string[] {
  return wrapText(text, page.width, { first: 2 }).map((line) => page.paint("dim", line));
}
