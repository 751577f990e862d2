/**
 * A probe as text: faults first, each with what was seen, why, and what to do; then warnings, what was not tested,
 * and one line of all that is well.
 */
import type { ProbeDocument } from "../results/probe-document.js";
import { formatNumberOf } from "./format.js";
import type { Page } from "./page.js";
import { createPaint, type Style } from "./paint.js";
import { escapeControls, wrapText } from "./plain-text.js";
import { dimText, heading } from "./words.js";

type ShownFinding = ProbeDocument["findings"][number];

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
  const having = (status: ShownFinding["status"]): ShownFinding[] =>
    document.findings.filter((finding) => finding.status === status);
  const sections = [
    renderVerdict(document, page),
    ...having("fault").map((finding) => renderTrouble(finding, { word: "FAULT", style: "red" }, page)),
    ...having("warning").map((finding) => renderTrouble(finding, { word: "WARNING", style: "yellow" }, page)),
    renderNotTested(having("not-tested"), page),
    renderNotes(having("ok"), page),
    renderOks(having("ok"), page),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function renderVerdict({ arm, findings }: ProbeDocument, page: Page): string[] {
  const faults = findings.filter(({ status }) => status === "fault").length;
  const warnings = findings.filter(({ status }) => status === "warning").length;
  const { proxy } = arm;
  const version = proxy?.version ? ` (${proxy.kind} ${proxy.version})` : "";
  const counts = [
    faults === 0 ? "no fault" : formatNumberOf(faults, "fault"),
    ...(warnings === 0 ? [] : [formatNumberOf(warnings, "warning")]),
  ];
  const words = `${arm.arm}${version}, path ${arm.path}: ${counts.join(", ")}`;
  return [...heading(escapeControls(answerTo(findings)), page), ...dimText(escapeControls(words), page)];
}

/** Faults that keep a WebSocket from opening at all. */
const opening = new Set([
  "config-refused",
  "unreachable",
  "tls-scheme",
  "tls-certificate",
  "upstream-tls",
  "upstream",
  "route",
  "upgrade-headers",
  "http-version",
  "upgrade",
  "path",
]);

/** What somebody who looks for a fault wants to know first. */
function answerTo(findings: readonly ShownFinding[]): string {
  const faults = findings.filter(({ status }) => status === "fault");
  const [first] = faults;
  const warnings = findings.filter(({ status }) => status === "warning");
  const warned = warnings.find(({ id }) => id !== "upstream") ?? warnings[0];
  const closing = faults.find(({ id }) => opening.has(id));
  if (closing !== undefined) return `WebSockets do not get through: ${closing.title}`;
  if (first !== undefined) return `WebSockets get through, with a fault: ${first.title}`;
  if (warned?.id === "upstream") return `WebSockets get through to wsrally's backend; ${warned.title}`;
  if (warned !== undefined) return `WebSockets get through; to be looked at: ${warned.title}`;
  return "WebSockets get through: no fault found";
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

/** What is well and yet often misunderstood. */
function renderNotes(findings: readonly ShownFinding[], page: Page): string[] {
  return findings.flatMap(({ id, title, evidence, cause }) =>
    cause === null
      ? []
      : [
          ...wrapText(escapeControls(`note: ${title}`), page.width, { first: 0, rest: 2 }),
          ...evidence.flatMap((line) => dimLines(line, page)),
          ...labelled("cause", cause, page),
          ...dimText(id, page),
        ],
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

/** Grouped by the reason. */
function renderNotTested(findings: readonly ShownFinding[], page: Page): string[] {
  if (findings.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { id, cause } of findings) byReason.set(cause ?? "", [...(byReason.get(cause ?? "") ?? []), id]);
  return [
    ...heading("Not tested", page),
    ...[...byReason].flatMap(([reason, ids]) =>
      wrapText(escapeControls(`${ids.join(", ")}: ${reason}`), page.width, { first: 2, rest: 4 }),
    ),
  ];
}

function renderOks(findings: readonly ShownFinding[], page: Page): string[] {
  if (findings.length === 0) return [];
  return wrapText(`ok: ${findings.map(({ id }) => id).join(", ")}`, page.width, { first: 0, rest: 4 });
}
