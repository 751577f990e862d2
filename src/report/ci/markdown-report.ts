/**
 * A run as a comment on a pull request: the verdicts in words, a table of the comparisons, and the whole report folded
 * away below. It stays under what GitHub takes as one comment.
 */
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import { createPaint } from "../draw/paint.js";
import { sloValue } from "../run/slo-section.js";
import { isJudged, renderVerdictKey, renderVerdicts } from "../run/verdict-section.js";
import { comparedText, marginText } from "../words/compared-words.js";
import { absent } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { withShortNames } from "../words/short-names.js";
import { fitLines } from "./fit-lines.js";
import {
  markdownGateDetails,
  markdownGateReasons,
  markdownGateRegressions,
  markdownGateTitle,
} from "./markdown-gate.js";
import { escapeMarkdown, fencedBlock, markdownTable } from "./markdown-text.js";

/** GitHub takes 65,536 characters; counted in bytes here, so that it fits however they are counted. */
const bytesMax = 65_000;
/** Of the answer and of the table each, so that both have their share in a large matrix. */
const shareMax = 20_000;

interface MarkdownOptions {
  /** The run as plain text, to be folded away below the answer. */
  readonly report: string;
}

/** The whole comment, ending in a newline. */
export function renderMarkdown(stored: RunDocument, { report }: MarkdownOptions): string {
  const document = withShortNames(stored);
  const { gate, scenario, slo = [] } = document;
  const title =
    gate === undefined
      ? `### wsrally: ${escapeMarkdown(scenario.name)}`
      : markdownGateTitle(gate, scenario.name);
  const said = gate === undefined ? verdictLines(document) : markdownGateReasons(gate);
  const words = fitLines(said, shareMax, gate === undefined ? "further verdict" : "further reason");
  const table = fitLines(comparisonTable(document), shareMax, "further comparison");
  const slos = fitLines(slo.length === 0 ? [] : sloTable(slo), shareMax / 4, "further SLO");
  const regressions = gate === undefined ? [] : markdownGateRegressions(gate, shareMax / 2);
  const folded = gate === undefined ? [] : markdownGateDetails(gate, shareMax / 4);
  const head = [
    title,
    ...[words, regressions, slos, table, folded].flatMap((part) => (part.length === 0 ? [] : [...part, ""])),
  ].join("\n");
  const summary = `<details><summary>The whole report, run ${escapeMarkdown(document.runId)}</summary>`;
  const tail = ["", "</details>", ""].join("\n");
  const room = bytesMax - byteLength(head) - byteLength(summary) - byteLength(tail) - 200;
  const lines = fitLines(report.trimEnd().split("\n"), room, "further line");
  return `${head}\n${summary}\n\n${fencedBlock(lines.join("\n"))}\n${tail}`;
}

/** The terminal's words without its line breaks: what is indented there is a list here. */
function verdictLines(document: RunDocument): string[] {
  const page = { width: Number.MAX_SAFE_INTEGER, paint: createPaint({ colour: false }) };
  return [...renderVerdicts(document, page), ...renderVerdictKey(document, page)].flatMap((line) => {
    const text = escapeMarkdown(line.trim().replace(/^- /, ""));
    return line.startsWith("  ") ? [`- ${text}`] : ["", text];
  });
}

function comparisonTable(document: RunDocument): string[] {
  if (document.comparisons.length === 0) return [];
  const rows = document.comparisons.map((one) => {
    const { baseline, candidate, metric, verdict, blocks } = one;
    const text = comparedText(one);
    const hasVerdict = isJudged(one, document);
    return [
      `${candidate} / ${baseline}`,
      metricWords(metric),
      text.ratio,
      text.interval,
      hasVerdict ? marginText(one) : absent,
      hasVerdict ? verdict : "not judged",
      String(blocks),
    ];
  });
  const shown = (document.readings ?? []).map((one) => {
    const text = comparedText(one);
    const pair = `${one.candidate} / ${one.baseline}`;
    return [
      pair,
      metricWords(one.metric),
      text.ratio,
      text.interval,
      absent,
      "not judged",
      String(one.blocks),
    ];
  });
  const header = ["candidate / baseline", "metric", "ratio", "95 % interval", "margin", "verdict", "blocks"];
  return markdownTable(header, [...rows, ...shown]);
}

function sloTable(slo: readonly SloResult[]): string[] {
  const rows = slo.map((one) => [
    one.status,
    one.arm,
    one.expression,
    sloValue(one.value, one),
    one.low === null ? absent : `${sloValue(one.low, one)} to ${sloValue(one.high, one)}`,
  ]);
  return markdownTable(["SLO", "arm", "expression", "median", "95 % interval"], rows);
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
