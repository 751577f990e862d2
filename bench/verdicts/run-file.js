/** The series on disk: one line of JSON a run, written when the run ends. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";

/** @param keep go on with what is there; else it is set aside as FILE.before */
export function openRunFile(file, { keep }) {
  mkdirSync(dirname(file), { recursive: true });
  if (!keep && existsSync(file)) renameSync(file, `${file}.before`);
  const lines = existsSync(file) ? readLines(file) : [];
  return {
    append(line) {
      lines.push(line);
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    linesOf: (name) => lines.filter((line) => line.case === name),
  };
}

/** A machine that lost its power may have left half a line at the end. */
function readLines(file) {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text) => {
      try {
        return text === "" ? [] : [JSON.parse(text)];
      } catch {
        return [];
      }
    });
}
