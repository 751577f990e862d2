/** Tables of the bench: a title, heads with their units, figures to the right. */
import { clearProgress } from "./progress.js";

const gap = 2;

/**
 * @param columns heads; the first column is of words, the others of figures
 * @param rows of as many cells, each a string
 * @param notes lines below, in full sentences
 */
export function printTable({ title, columns, rows, notes = [] }) {
  const widths = columns.map((head, index) => Math.max(head.length, ...rows.map((row) => row[index].length)));
  const line = (cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index])))
      .join(" ".repeat(gap))
      .trimEnd();
  const width = widths.reduce((sum, each) => sum + each + gap, -gap);
  const lines = ["", title, "", line(columns), "-".repeat(width), ...rows.map(line), ...notes, ""];
  clearProgress();
  process.stdout.write(lines.join("\n"));
}
