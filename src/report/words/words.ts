/** Words around tables and charts, kept to the page. */

import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { wrapText } from "../draw/plain-text.js";

/** A sentence that answers, whose beginning says it all: that much is bold, where it fits on a line. */
export function leadLines(
  lead: string,
  rest: string,
  { page, style }: { readonly page: Page; readonly style?: Style | undefined },
): string[] {
  const paint = (text: string): string =>
    page.paint("bold", style === undefined ? text : page.paint(style, text));
  return wrapText(lead + rest, page.width, { first: 0, rest: 2 }).map((line, i) =>
    i === 0 && line.startsWith(lead) ? paint(lead) + line.slice(lead.length) : line,
  );
}

/** A section's title. */
export function heading(text: string, page: Page): string[] {
  return wrapText(text, page.width).map((line) => page.paint("bold", line));
}

/** How a table or a chart is read: not on a page that has no room for it. */
export function legendText(text: string, page: Page): string[] {
  return page.isBrief === true ? [] : dimText(text, page);
}

/** What stands under a table, in its indentation: there for who asks, quiet for who does not. */
export function dimText(text: string, page: Page): string[] {
  return wrapText(text, page.width, { first: 2 }).map((line) => page.paint("dim", line));
}
