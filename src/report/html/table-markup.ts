/** A table of the report as an HTML table: every column, for the browser can scroll. */
import type { Cell, Column, Row, Table } from "../draw/table-model.js";
import { type Html, html } from "./markup.js";

export function renderHtmlTable({ columns, rows }: Table): Html {
  return html`<div class="table" tabindex="0" role="group" aria-label="${labelOf(columns)}"><table>
<thead><tr>${columns.map(({ title, align }) => html`<th scope="col" class="${align}">${title.trim() === "" ? html`<span class="unseen">of</span>` : title}</th>`)}</tr></thead>
<tbody>${rows.map((row, i) => renderRow(row, { above: rows[i - 1], below: rows[i + 1] }, columns))}</tbody>
</table></div>
`;
}

function labelOf(columns: readonly Column[]): string {
  return `Table: ${columns
    .map(({ title }) => title.trim())
    .filter((title) => title !== "")
    .join(", ")}`;
}

interface Neighbours {
  readonly above: Row | undefined;
  readonly below: Row | undefined;
}

function renderRow(row: Row, { above, below }: Neighbours, columns: readonly Column[]): Html {
  const cells = columns.map((column, at) => {
    const { text, style } = cellOf(row, at);
    const isRepeated = column.grouped === true && isLike(above, row, at);
    const words =
      style === undefined ? html`${text}` : html`<span class="${`paint-${style}`}">${text}</span>`;
    const shown = isRepeated ? html`<span class="unseen">${words}</span>` : words;
    const kind = `${column.align}${column.flexible === true ? " long" : ""}`;
    return at === 0
      ? html`<th scope="row" class="${kind}">${shown}</th>`
      : html`<td class="${kind}">${shown}</td>`;
  });
  const notes = (row.notes ?? []).map(
    (note) => html`<tr class="under-row"><td colspan="${columns.length}">${note}</td></tr>`,
  );
  const goesOn =
    notes.length > 0 || columns.some(({ grouped }, at) => grouped === true && isLike(below, row, at));
  return html`<tr${goesOn ? html` class="goes-on"` : null}>${cells}</tr>${notes}\n`;
}

function isLike(other: Row | undefined, row: Row, at: number): boolean {
  return other !== undefined && cellOf(other, at).text === cellOf(row, at).text;
}

function cellOf(row: Row, at: number): Cell {
  const cell = row.cells[at] ?? "";
  return typeof cell === "string" ? { text: cell } : cell;
}
