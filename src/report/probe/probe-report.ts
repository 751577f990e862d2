/**
 * A probe as text: faults first, each with what was seen, why, and what to do; then warnings, what was not tested,
 * and one line of all that is well.
 */

import { exitCodes } from "../../base/exit-codes.js";
import type { ProbeDocument } from "../../results/probe-document.js";
import { fitScreen, type ScreenPart, screenLines } from "../draw/fit-screen.js";
import type { Detail, Page } from "../draw/page.js";
import { createPaint, type Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderMore } from "../run/screen-sections.js";
import { formatNumberOf } from "../words/format.js";
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
  /** One screen, or all of it. */
  readonly detail: Detail;
}

const widthMost = 80;
const widthMin = 24;
/** So many warnings have room on a screen with what was seen; of more the titles are told. */
const warningsInFull = 2;

const faultMark = { word: "FAULT", style: "red" } as const;
const warningMark = { word: "WARNING", style: "yellow" } as const;

export function renderProbeReport(
  document: ProbeDocument,
  { width, colour, detail }: ProbeReportOptions,
): string {
  const columns = Number.isFinite(width) ? Math.floor(width) : widthMost;
  const page: Page = {
    width: Math.max(widthMin, Math.min(widthMost, columns)),
    paint: createPaint({ colour }),
  };
  const end = renderEnd(document, page);
  const told =
    detail === "full"
      ? fullSections(document, page)
      : [fitScreen(screenParts(document, page), page, screenLines - end.length - 1)];
  const filled = [...told, end].filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function fullSections(document: ProbeDocument, page: Page): string[][] {
  const { findings } = document;
  return [
    renderVerdict(document, page),
    ...having(findings, "fault").map((finding) => renderTrouble(finding, faultMark, page)),
    ...having(findings, "warning").map((finding) => renderTrouble(finding, warningMark, page)),
    renderNotTested(findings, page),
    renderNotes(notesAmong(findings), page),
    renderOks(having(findings, "ok"), page),
    renderProbeChanges(document, page),
  ];
}

function screenParts(document: ProbeDocument, page: Page): ScreenPart[] {
  const { findings } = document;
  const warnings = having(findings, "warning");
  const warned =
    warnings.length > warningsInFull
      ? [
          {
            lines: warnings.flatMap((one) => renderTitle(one, warningMark, page)),
            weight: 80,
            most: 10,
            least: 2,
          },
        ]
      : warnings.map((one, at) => ({
          lines: renderTrouble(one, warningMark, page),
          weight: 80 - at / 100,
          most: 10,
          least: 3,
        }));
  return [
    { lines: renderVerdict(document, page), weight: 100, most: 6 },
    ...having(findings, "fault").map((one, at) => ({
      lines: renderTrouble(one, faultMark, page),
      weight: 95 - at / 100,
      most: 16,
      least: 4,
    })),
    ...warned,
    { lines: renderNotTested(findings, page), weight: 50, most: 6, least: 2 },
    { lines: renderNoteTitles(findings, page), weight: 40, most: 4 },
    { lines: renderRest(document, having(findings, "ok").length, page), weight: 99, most: 3 },
  ];
}

/** `34 checks ok. More: …`. */
function renderRest({ runId }: ProbeDocument, oks: number, page: Page): string[] {
  const well = oks === 0 ? [] : wrapText(`${formatNumberOf(oks, "check")} ok`, page.width);
  return [...well, ...renderMore({ runId }, page)];
}

/** The answer once more, for the end of a page is what stays on a screen: `FAULT FOUND (20): upgrade-headers`. */
function renderEnd({ findings }: ProbeDocument, page: Page): string[] {
  const faults = having(findings, "fault").map(({ id }) => id);
  const warnings = having(findings, "warning").length;
  const warned = warnings === 0 ? [] : [formatNumberOf(warnings, "warning")];
  const text =
    faults.length === 0
      ? [`NO FAULT (${exitCodes.ok})`, ...warned].join(": ")
      : `${faults.length === 1 ? "FAULT" : "FAULTS"} FOUND (${exitCodes.failed}): ${faults.join(", ")}`;
  const style = faults.length === 0 ? "green" : "red";
  return wrapText(escapeControls(text), page.width, { rest: 2 }).map((line) =>
    page.paint("bold", page.paint(style, line)),
  );
}

/** What was changed of the config to run it here. */
function renderProbeChanges({ arm }: ProbeDocument, page: Page): string[] {
  const changes = arm.proxy?.changes ?? [];
  if (changes.length === 0) return [];
  return [
    ...heading("Changed to run here", page),
    ...changes.flatMap((change) => wrapText(escapeControls(change), page.width, { first: 2, rest: 4 })),
  ];
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
  const { id, side, evidence, cause, cure } = finding;
  return [
    ...renderTitle(finding, { word, style }, page),
    ...evidence.flatMap((line) => dimLines(line, page)),
    ...labelled("cause", cause, page),
    ...cureLines(cure, page),
    ...dimText(`${id}, side: ${side}`, page),
  ];
}

function renderTitle({ title }: ShownFinding, { word, style }: Mark, page: Page): string[] {
  const [first = "", ...rest] = wrapText(escapeControls(`${word} ${title}`), page.width, {
    first: 0,
    rest: 2,
  });
  return [page.paint(style, first.slice(0, word.length)) + first.slice(word.length), ...rest];
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

function renderNoteTitles(findings: readonly ShownFinding[], page: Page): string[] {
  return notesAmong(findings).flatMap(({ title }) =>
    wrapText(escapeControls(`note: ${title}`), page.width, { first: 0, rest: 2 }),
  );
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
