/**
 * A run as a comment on a pull request: the verdicts in words, a table of the comparisons, and the whole report folded
 * away below. It stays under what GitHub takes as one comment.
 */
import type { RunDocument } from "../results/run-document.js";
import { absent, formatNumberOf, formatPercent, formatRatio } from "./format.js";
import { escapeMarkdown, fencedBlock, markdownTable } from "./markdown-text.js";
import { metricWords } from "./metric-words.js";
import { createPaint } from "./paint.js";
import { isJudged, renderVerdicts } from "./verdict-section.js";

/** GitHub takes 65,536 characters; counted in bytes here, so that it fits however they are counted. */
const bytesMax = 65_000;
/** Of the answer and of the table each, so that both have their share in a large matrix. */
const shareMax = 20_000;

export interface MarkdownOptions {
  /** The run as plain text, to be folded away below the answer. */
  readonly report: string;
}

/** The whole comment, ending in a newline. */
export function renderMarkdown(document: RunDocument, { report }: MarkdownOptions): string {
  const title = `### wsrally: ${escapeMarkdown(document.scenario.name)}`;
  const words = fitLines(verdictLines(document), shareMax, "further verdict");
  const table = fitLines(comparisonTable(document), shareMax, "further comparison");
  const head = [title, ...words, "", ...(table.length === 0 ? [] : [...table, ""])].join("\n");
  const summary = `<details><summary>The whole report, run ${escapeMarkdown(document.runId)}</summary>`;
  const tail = ["", "</details>", ""].join("\n");
  const room = bytesMax - byteLength(head) - byteLength(summary) - byteLength(tail) - 200;
  const lines = fitLines(report.trimEnd().split("\n"), room, "further line");
  return `${head}\n${summary}\n\n${fencedBlock(lines.join("\n"))}\n${tail}`;
}

/** The terminal's words without its line breaks: what is indented there is a list here. */
function verdictLines(document: RunDocument): string[] {
  const page = { width: Number.MAX_SAFE_INTEGER, paint: createPaint({ colour: false }) };
  return renderVerdicts(document, page).flatMap((line) => {
    const text = escapeMarkdown(line.trim().replace(/^- /, ""));
    return line.startsWith("  ") ? [`- ${text}`] : ["", text];
  });
}

function comparisonTable(document: RunDocument): string[] {
  if (document.comparisons.length === 0) return [];
  const rows = document.comparisons.map((one) => {
    const { baseline, candidate, metric, ratio, ciLow, ciHigh, margin, verdict, blocks } = one;
    const text = formatRatio(ratio, ciLow, ciHigh);
    const hasVerdict = isJudged(one, document);
    return [
      `${candidate} / ${baseline}`,
      metricWords(metric),
      text.ratio,
      text.interval,
      hasVerdict ? formatPercent(margin) : absent,
      hasVerdict ? verdict : "not judged",
      String(blocks),
    ];
  });
  const header = ["candidate / baseline", "metric", "ratio", "95 % interval", "margin", "verdict", "blocks"];
  return markdownTable(header, rows);
}

/** The first lines that fit into so many bytes, and how many did not. */
function fitLines(lines: readonly string[], bytes: number, noun: string): string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += byteLength(line) + 1;
    return used > bytes;
  });
  if (end === -1) return [...lines];
  return [...lines.slice(0, end), "", `… ${formatNumberOf(lines.length - end, noun)} left out for room`];
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
