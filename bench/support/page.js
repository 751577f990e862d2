/** A bench's part of a page of docs/: its table as it was printed, with when, where and by what command it came about. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * Writes the part anew, from its heading to the next of the same rank; the rest of the page stays as it is.
 * @param page a file of docs/
 * @param table as `printTable` has it: its title is the heading
 * @param lines runs that the table is of, each with `at`
 * @param command that makes more of them
 */
export function writePart(page, { title, columns, rows, notes = [] }, { lines, command }) {
  const file = fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));
  const text = readFileSync(file, "utf8");
  const heading = `## ${title}\n`;
  const from = text.indexOf(heading);
  if (from === -1) throw new Error(`docs/${page} has no part "${title}"`);
  const next = text.indexOf("\n## ", from);
  const part = [
    heading,
    `\`${command}\`. ${whenAndWhere(lines)}`,
    "",
    rowText(columns.map((head) => head || " ")),
    rowText(columns.map(() => "---")),
    ...rows.map(rowText),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => `- ${note}`)]),
    "",
  ].join("\n");
  writeFileSync(file, `${text.slice(0, from)}${part}${next === -1 ? "" : text.slice(next)}`);
}

/** A sentence that names the cases of which there is no run; none where there are none. */
export function notRunOf(cases) {
  const names = cases.filter(({ lines }) => lines.length === 0).map(({ name }) => name);
  return names.length === 0 ? [] : [`Not run yet: ${names.join("; ")}.`];
}

function whenAndWhere(lines) {
  const days = lines.flatMap(({ at }) => (at === undefined ? [] : [at.slice(0, 10)])).sort();
  const span = [...new Set([days[0], days.at(-1)])].filter((day) => day !== undefined).join(" to ");
  const processors = cpus();
  const machine = `${processors.length} processors (${processors[0]?.model.trim() ?? "unknown"})`;
  return `${span === "" ? "Nothing has been run" : `Run ${span}`}; ${machine}, ${type()} ${release()}, Node ${process.versions.node}.`;
}

function rowText(cells) {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
