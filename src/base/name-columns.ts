/** Names in columns, for an error that says which there are: a list of sixty is not read as one line. */

const indent = 2;
const gap = 2;
/** Of a terminal, as most are. */
const width = 80;

/** Lines with what stands in the first column above each other, from left to right. */
export function nameColumns(names: readonly string[]): string {
  const column = Math.max(0, ...names.map((name) => name.length)) + gap;
  const columns = Math.max(1, Math.floor((width - indent) / column));
  const rows = Array.from({ length: Math.ceil(names.length / columns) }, (_, row) =>
    names
      .slice(row * columns, (row + 1) * columns)
      .map((name) => name.padEnd(column))
      .join(""),
  );
  return rows.map((row) => " ".repeat(indent) + row.trimEnd()).join("\n");
}
