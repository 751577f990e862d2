/**
 * Help as wide as the terminal that reads it: what a flag is for stands beside it where there is room, and below it where there
 * is not; of what stands behind the flags, a command that is too long goes on behind a backslash, so that it can be pasted.
 */
import { type Command, Help } from "commander";
import { displayWidth, wrapText } from "../report/draw/plain-text.js";
import { detailWords, isDetail } from "./help-groups.js";

/** Of a pipe or a file, as most manuals have it. */
const columnsOfPaper = 80;
/** Narrower than this nothing can be read, and a long option is a line of its own already. */
const leastColumns = 40;
/** Columns that a text beside something must have, to be read as text and not as a list of words. */
const leastBeside = 36;
const indent = 2;
const gap = 2;
/** What goes on below something stands in from it. */
const hang = 4;

/** Columns of help on this stream. */
export function helpColumns({ isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number {
  return isTTY === true && columns > 0 ? Math.max(leastColumns, columns) : columnsOfPaper;
}

/** Gives a command's own part of its help these columns. @param detail `all` for the flags as well that few runs need */
export function fitHelp(command: Command, columns: number, detail: "usual" | "all"): void {
  const words = detail === "all" ? "" : detailWords(command);
  if (words !== "") command.addHelpText("after", words);
  command.configureHelp({
    helpWidth: columns,
    visibleOptions(of) {
      const options = Help.prototype.visibleOptions.call(this, of);
      return detail === "all"
        ? options
        : options.filter(({ helpGroupHeading }) => !isDetail(helpGroupHeading));
    },
    boxWrap: (text, width) => wrapText(text, width).join("\n"),
    formatItem: (term, termWidth, description) => layItem({ term, termWidth, description }, columns),
  });
}

interface Item {
  readonly term: string;
  /** Of the longest of its command. */
  readonly termWidth: number;
  readonly description: string;
}

function layItem({ term, termWidth, description }: Item, columns: number): string {
  const column = indent + termWidth + gap;
  const beside = columns - column >= leastBeside;
  const head = `${" ".repeat(indent)}${term}`;
  if (description === "") return head;
  const first = beside ? column : indent + hang;
  const lines = wrapText(description, columns, { first });
  if (!beside) return [head, ...lines].join("\n");
  const [line = "", ...rest] = lines;
  return [head.padEnd(column) + line.slice(column), ...rest].join("\n");
}

/**
 * What stands behind the flags: a paragraph is lines that follow each other, and those of one that have notes have them all
 * beside, or all below.
 */
export function layExamples(text: string, columns: number): string {
  return text
    .split(/(\n{2,})/)
    .map((paragraph) => layParagraph(paragraph.split("\n"), columns).join("\n"))
    .join("");
}

/** A line, and what is noted of it behind three blanks or more. */
const noted = /^(\s*\S.*?)(\s{2,})(\S.*)$/;

function layParagraph(lines: readonly string[], columns: number): string[] {
  if (lines.every((line) => displayWidth(line) <= columns)) return [...lines];
  const notes = lines.flatMap((line) => noted.exec(line) ?? []).length > 0;
  const column = Math.max(0, ...lines.map((line) => noteColumn(line)));
  if (!notes || columns - column < leastBeside) return lines.flatMap((line) => layBelow(line, columns));
  return lines.flatMap((line) => layBeside(line, columns));
}

function noteColumn(line: string): number {
  const [, head = "", blanks = ""] = noted.exec(line) ?? [];
  return displayWidth(head) + blanks.length;
}

function layBeside(line: string, columns: number): string[] {
  const [, head = "", blanks = "", note = ""] = noted.exec(line) ?? [];
  if (note === "") return breakLine(line, columns);
  const first = displayWidth(head) + blanks.length;
  const [start = "", ...rest] = wrapText(note, columns, { first });
  return [`${head}${blanks}${start.slice(first)}`, ...rest];
}

function layBelow(line: string, columns: number): string[] {
  const [, head = line, , note = ""] = noted.exec(line) ?? [];
  return [...breakLine(head, columns), ...wrapText(note, columns, { first: standing(line) + hang })];
}

const standing = (line: string): number => line.length - line.trimStart().length;

/** A shell reads on behind a backslash. Broken at is no blank in quotes, nor one between a flag and its value. */
function breakLine(line: string, columns: number): string[] {
  if (displayWidth(line) <= columns) return [line];
  const first = standing(line);
  const indents = { first, rest: first + hang };
  if (!line.trimStart().startsWith("wsrally ")) return wrapText(line, columns, { first });
  const units = line
    .trim()
    .replace(/'[^']*'/g, (words) => words.replaceAll(" ", kept))
    .replace(/(--[\w-]+) (?!-)/g, `$1${kept}`);
  const lines = wrapText(units, columns - 2, indents);
  return lines.map((part, index) => {
    const words = part.replaceAll(kept, " ");
    return index === lines.length - 1 ? words : `${words} \\`;
  });
}

/** Stands for such a blank while lines are broken. */
const kept = "\0";
