/**
 * A bench's part of a page of docs/: its table as it was printed, with when, where and by what command it came about. A case without
 * runs at hand keeps the row that it has there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * Writes the part anew, from its heading to the next of the same rank; the rest of the page stays as it is.
 * @param page a file of docs/
 * @param title its heading
 * @param columns heads of a row
 * @param cases each with its `name` and `lines`, which have `at`
 * @param rowsOf a case's rows; none without lines
 * @param notes in full sentences
 * @param command that makes more of them
 */
export function writePart(page, { title, columns, cases, rowsOf, notes, command }) {
  const file = fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
  const text = readFileSync(file, "utf8");
  const heading = `## ${title}\n`;
  const from = text.indexOf(heading);
  if (from === -1) throw new Error(`docs/${page} has no part "${title}"`);
  const next = text.indexOf("\n## ", from);
  const end = next === -1 ? text.length : next;
  const kept = rowsIn(text.slice(from, end));
  const rows = cases.flatMap((one) =>
    one.lines.length === 0
      ? (kept.get(one.name) ?? [])
      : rowsOf(one).map((cells) => rowText([...cells, daysOf(one.lines)])),
  );
  const missing = cases.filter(({ name, lines }) => lines.length === 0 && !kept.has(name));
  const told = [
    ...notes,
    ...(missing.length === 0 ? [] : [`Not run yet: ${missing.map(({ name }) => name).join("; ")}.`]),
  ];
  const part = [
    heading,
    `\`${command}\`. ${where()}`,
    "",
    rowText([...columns, "run"].map((head) => head || " ")),
    rowText([...columns, "run"].map(() => "---")),
    ...rows,
    ...(told.length === 0 ? [] : ["", ...told.map((note) => `- ${note}`)]),
    "",
  ].join("\n");
  writeFileSync(file, `${text.slice(0, from)}${part}${text.slice(end)}`);
}

/** Rows of a table as they stand, by their first cell. */
function rowsIn(part) {
  const rows = new Map();
  for (const line of part.split("\n")) {
    const [, name] = /^\| (.+?) \| /.exec(line) ?? [];
    if (name !== undefined) rows.set(name, [...(rows.get(name) ?? []), line]);
  }
  return rows;
}

function daysOf(lines) {
  const days = lines.map(({ at }) => at.slice(0, 10)).sort();
  return [...new Set([days[0], days.at(-1)])].join(" to ");
}

function where() {
  const processors = cpus();
  return `On ${processors.length} processors (${processors[0]?.model.trim() ?? "unknown"}), ${type()} ${release()}, Node ${process.versions.node}.`;
}

function rowText(cells) {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
