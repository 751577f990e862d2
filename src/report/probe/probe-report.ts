/**
 * A probe as text: faults first, each with what was seen, why, and what to do; then warnings, what was not tested,
 * and one line of all that is well.
 */
import type { ProbeDocument } from "../../results/probe-document.js";
import type { Page } from "../draw/page.js";
import { createPaint, type Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { dimText, heading } from "../words/words.js";
import {
  having,
  notesAmong,
  probeAnswer,
  probedWords,
  type ShownFinding,
  untestedByReason,
} from "./probe-words.js";

interface ProbeReportOptions {
  /** Columns; lines of words keep to 80 of them at most. */
  readonly width: number;
  readonly colour: boolean;
}

const widthMost = 80;
const widthMin = 24;

export function renderProbeReport(document: ProbeDocument, { width, colour }: ProbeReportOptions): string {
  const columns = Number.isFinite(width) ? Math.floor(width) : widthMost;
  const page: Page = {
    width: Math.max(widthMin, Math.min(widthMost, columns)),
    paint: createPaint({ colour }),
  };
  const { findings } = document;
  const sections = [
    renderVerdict(document, page),
    ...having(findings, "fault").map((finding) =>
      renderTrouble(finding, { word: "FAULT", style: "red" }, page),
    ),
    ...having(findings, "warning").map((finding) =>
      renderTrouble(finding, { word: "WARNING", style: "yellow" }, page),
    ),
    renderNotTested(findings, page),
    renderNotes(notesAmong(findings), page),
    renderOks(having(findings, "ok"), page),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderVerdict(document: ProbeDocument, page: Page): string[] {
  const { findings } = document;
  return [
    ...heading(escapeControls(probeAnswer(findings)), page),
    ...dimText(escapeControls(probedWords(document)), page),
  ];
}

interface Mark {
  readonly word: string;
  readonly style: Style;
}

/** A fault or a warning, with what was seen, why, and what to do. */
export function renderTrouble(finding: ShownFinding, { word, style }: Mark, page: Page): string[] {
  const { id, title, side, evidence, cause, cure } = finding;
  const [first = "", ...rest] = wrapText(escapeControls(`${word} ${title}`), page.width, {
    first: 0,
    rest: 2,
  });
  return [
    page.paint(style, first.slice(0, word.length)) + first.slice(word.length),
    ...rest,
    ...evidence.flatMap((line) => dimLines(line, page)),
    ...labelled("cause", cause, page),
    ...cureLines(cure, page),
    ...dimText(`${id}, side: ${side}`, page),
  ];
}

/** The first line is words; the others are to be pasted, so that they keep their own line. */
function cureLines(cure: string | null, page: Page): string[] {
  const [words = null, ...code] = cure?.split("\n") ?? [];
  return [
    ...labelled("cure", words, page),
    ...code.flatMap((line) => {
      const own = line.length - line.trimStart().length;
      return wrapText(escapeControls(line.trimStart()), page.width, { first: 6 + own, rest: 8 + own });
    }),
  ];
}

function renderNotes(findings: readonly ShownFinding[], page: Page): string[] {
  return findings.flatMap(({ id, title, evidence, cause }) => [
    ...wrapText(escapeControls(`note: ${title}`), page.width, { first: 0, rest: 2 }),
    ...evidence.flatMap((line) => dimLines(line, page)),
    ...labelled("cause", cause, page),
    ...dimText(id, page),
  ]);
}

function dimLines(line: string, page: Page): string[] {
  return wrapText(escapeControls(line), page.width, { first: 2, rest: 6 }).map((text) =>
    page.paint("dim", text),
  );
}

function labelled(label: string, text: string | null, page: Page): string[] {
  if (text === null) return [];
  const lines = wrapText(escapeControls(`${label}: ${text}`), page.width, { first: 2, rest: 4 });
  return lines.map((line, at) =>
    at === 0 ? line.replace(`${label}:`, page.paint("bold", `${label}:`)) : line,
  );
}

function renderNotTested(findings: readonly ShownFinding[], page: Page): string[] {
  const untested = untestedByReason(findings);
  if (untested.length === 0) return [];
  return [
    ...heading("Not tested", page),
    ...untested.flatMap(({ reason, ids }) =>
      wrapText(escapeControls(`${ids.join(", ")}: ${reason}`), page.width, { first: 2, rest: 4 }),
    ),
  ];
}

function renderOks(findings: readonly ShownFinding[], page: Page): string[] {
  if (findings.length === 0) return [];
  return wrapText(`ok: ${findings.map(({ id }) => id).join(", ")}`, page.width, { first: 0, rest: 4 });
}
