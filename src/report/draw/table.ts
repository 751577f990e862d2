/**
 * Aligned tables that keep to the width: the least important columns go first, and what still does not fit is
 * written as one list a row.
 */

import { legendText } from "../words/words.js";
import type { Page } from "./page.js";
import { paintRuns } from "./paint.js";
import { cutToWidth, displayWidth, wrapText } from "./plain-text.js";
import type { Cell, Column, Row, Table } from "./table-model.js";

const indent = 2;
const gap = 2;
const flexibleMinimum = 16;

interface PlacedColumn {
  readonly column: Column;
  /** Place in the rows' cells. */
  readonly at: number;
  readonly width: number;
}

/** The table's lines, none wider than the page. */
export function renderTable(table: Table, page: Page): string[] {
  if (page.drawTable !== undefined) return page.drawTable(table);
  const placed = placeColumns(table, page.width);
  if (placed === null) return renderLists(table, page);
  const header = placed.map(({ column, width }) => pad(column.title, width, column.align));
  const omitted = table.columns.filter((column) => !placed.some((one) => one.column === column));
  const left = omitted.map(({ title }) => title).join(", ");
  return [
    page.paint("dim", joinCells(header)),
    ...table.rows.flatMap((row, i) => [
      joinCells(placed.map((one) => renderCell(one, row, table.rows[i - 1], page))),
      ...renderNotes(row, page),
    ]),
    ...(left === "" ? [] : legendText(`not shown at this width: ${left}`, page)),
  ];
}

function renderNotes(row: Row, page: Page): string[] {
  return (row.notes ?? [])
    .flatMap((note) => wrapText(note, page.width, { first: 2 * indent, rest: 3 * indent }))
    .map((line) => page.paint("dim", line));
}

/** Leaves columns out until the rest fits; null when even the necessary ones do not. */
function placeColumns(table: Table, pageWidth: number): PlacedColumn[] | null {
  let placed = table.columns.map((column, at) => ({ column, at, width: naturalWidth(table, at) }));
  for (;;) {
    const used = indent + placed.reduce((sum, { width }) => sum + width, 0) + gap * (placed.length - 1);
    const flexible = placed.find(({ column }) => column.flexible);
    const spare = pageWidth - used;
    if (spare >= 0) return placed;
    const least = Math.min(flexible?.width ?? 0, flexibleMinimum);
    if (flexible && flexible.width + spare >= least) {
      return placed.map((one) => (one === flexible ? { ...one, width: one.width + spare } : one));
    }
    const droppable = placed.filter(({ column }) => column.keep !== undefined);
    if (droppable.length === 0) return null;
    const lowest = Math.min(...droppable.map(({ column }) => column.keep ?? 0));
    const dropped = droppable.findLast(({ column }) => column.keep === lowest);
    placed = placed.filter((one) => one !== dropped);
  }
}

function naturalWidth({ columns, rows }: Table, at: number): number {
  const title = displayWidth(columns[at]?.title ?? "");
  return rows.reduce((most, row) => Math.max(most, displayWidth(cellOf(row, at).text)), title);
}

function cellOf(row: Row, at: number): Cell {
  const cell = row.cells[at] ?? "";
  return typeof cell === "string" ? { text: cell } : cell;
}

function renderCell(
  { column, at, width }: PlacedColumn,
  row: Row,
  above: Row | undefined,
  page: Page,
): string {
  const { text, style, styleOf } = cellOf(row, at);
  const isRepeated = column.grouped && above !== undefined && cellOf(above, at).text === text;
  const padded = pad(isRepeated ? "" : cutToWidth(text, width), width, column.align);
  if (styleOf !== undefined) {
    return paintRuns(
      Array.from(padded, (symbol) => ({ symbol, style: styleOf(symbol) })),
      page.paint,
    );
  }
  return style === undefined ? padded : padded.replace(/\S(?:.*\S)?/u, (core) => page.paint(style, core));
}

function pad(text: string, width: number, align: Column["align"]): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}

function joinCells(cells: readonly string[]): string {
  return `${" ".repeat(indent)}${cells.join(" ".repeat(gap))}`.trimEnd();
}

/** One list a row, for pages too narrow for columns. */
function renderLists({ columns, rows }: Table, page: Page): string[] {
  return rows.flatMap((row) => [
    ...columns.flatMap(({ title }, at) => {
      const first = at === 0 ? indent : 2 * indent;
      const label = title.trim() === "" ? "" : `${title.trim()}: `;
      return wrapText(`${label}${cellOf(row, at).text}`, page.width, { first, rest: first + indent });
    }),
    ...renderNotes(row, page),
  ]);
}
