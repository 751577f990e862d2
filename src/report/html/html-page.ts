/**
 * A page that the terminal report's sections write on as they do on a terminal, and that gives what they wrote as
 * HTML: both reports say the same words, and a column added to one stands in the other.
 */
import type { Page } from "../draw/page.js";
import type { Table } from "../draw/table-model.js";
import { type Html, html } from "./markup.js";
import { renderHtmlTable } from "./table-markup.js";

/** Control characters, which no text of a report holds: `escapeControls` writes them out. */
const styleOpens = "\u0001";
const textOpens = "\u0002";
const closes = "\u0003";
const tableStands = "\u0004";

/** No line is broken: the browser does that. */
const width = 1e9;

/** One line that a section wrote. */
export interface WrittenLine {
  /** Spaces before the text. */
  readonly indent: number;
  /** Styles that span the whole line. */
  readonly styles: readonly string[];
  /** As it was written, marks and all, without the indent. */
  readonly marked: string;
}

export class HtmlPage implements Page {
  readonly width = width;
  readonly #tables: Html[] = [];

  readonly paint: Page["paint"] = (style, text) => `${styleOpens}${style}${textOpens}${text}${closes}`;

  readonly drawTable = (table: Table): string[] => {
    this.#tables.push(renderHtmlTable(table));
    return [`${tableStands}${this.#tables.length - 1}`];
  };

  /** The sections' lines as headings, paragraphs, lists and tables. @param level of the headings in them */
  toHtml(lines: readonly string[], level: 2 | 3 = 3): Html {
    const blocks = lines.filter((line) => line !== "").map((line) => this.#block(line, level));
    return html`${blocks}`;
  }

  #block(line: string, level: 2 | 3): Html {
    const table = line.startsWith(tableStands) ? this.#tables[Number(line.slice(1))] : undefined;
    if (table !== undefined) return table;
    const { styles, marked, indent } = readLine(line);
    const words = toSpans(marked);
    if (styles.includes("bold")) return level === 2 ? html`<h2>${words}</h2>` : html`<h3>${words}</h3>`;
    if (styles.includes("dim")) return html`<p class="note">${words}</p>`;
    return indent > 2 ? html`<p class="line deep">${words}</p>` : html`<p class="line">${words}</p>`;
  }
}

/** Takes a line apart into its indent, the styles all of it has, and the rest. */
export function readLine(line: string): WrittenLine {
  let rest = line.trimStart();
  let indent = line.length - rest.length;
  const styles: string[] = [];
  while (rest.startsWith(styleOpens) && closeOf(rest) === rest.length - 1) {
    const opens = rest.indexOf(textOpens);
    styles.push(rest.slice(1, opens));
    const inner = rest.slice(opens + 1, -1);
    rest = inner.trimStart();
    indent += inner.length - rest.length;
  }
  return { indent, styles, marked: rest };
}

/** A styled beginning and what follows it; null for a text that begins without a style. */
export function splitOpening(
  marked: string,
): { readonly opening: WrittenLine; readonly rest: string } | null {
  const end = marked.startsWith(styleOpens) ? closeOf(marked) : -1;
  return end < 0 ? null : { opening: readLine(marked.slice(0, end + 1)), rest: marked.slice(end + 1) };
}

/** Where the mark that opens the text is closed. */
function closeOf(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === styleOpens) depth++;
    if (text[at] === closes && --depth === 0) return at;
  }
  return -1;
}

/** Marked text as spans with a class for each style. */
export function toSpans(marked: string): Html {
  const opens = marked.indexOf(styleOpens);
  if (opens < 0) return html`${unmarked(marked)}`;
  const rest = marked.slice(opens);
  const end = closeOf(rest);
  if (end < 0) return html`${unmarked(marked)}`;
  const text = rest.indexOf(textOpens);
  const style = rest.slice(1, text).replace(/[^a-zA-Z]/g, "");
  return html`${unmarked(marked.slice(0, opens))}<span class="${`paint-${style}`}">${toSpans(rest.slice(text + 1, end))}</span>${toSpans(rest.slice(end + 1))}`;
}

/** The words alone. */
export function unmarked(marked: string): string {
  return marked.replace(new RegExp(`${styleOpens}[a-zA-Z]*${textOpens}|${closes}|${tableStands}`, "g"), "");
}
