/** The series on disk: one line of JSON a run, written when the run ends. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** @param anew cases that are to be run afresh: the file as it was is set aside as FILE.before, and goes on without their lines */
export function openRunFile(file, { anew }) {
  mkdirSync(dirname(file), { recursive: true });
  const all = existsSync(file) ? readLines(file) : [];
  const lines = all.filter((line) => !anew.includes(line.case));
  if (lines.length < all.length) {
    renameSync(file, `${file}.before`);
    writeFileSync(file, lines.map(textOf).join(""));
  }
  return {
    append(line) {
      lines.push(line);
      appendFileSync(file, textOf(line));
    },
    linesOf: (name) => lines.filter((line) => line.case === name),
  };
}

function textOf(line) {
  return `${JSON.stringify(line)}\n`;
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
