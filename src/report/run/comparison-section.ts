/** Every comparison in numbers, each interval drawn against its margin. */
import type { Comparison, PairReading } from "../../results/comparison-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { isByDifference } from "../../scenario/metric.js";
import { drawInterval, type IntervalScale, intervalScale, scaleHeader } from "../draw/interval-drawing.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { comparedText, marginText } from "../words/compared-words.js";
import { absent, formatNumberOf, formatPercent } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { reasonWords } from "../words/reason-words.js";
import { dimText, heading } from "../words/words.js";
import { isJudged, verdictStyles } from "./verdict-section.js";

const drawingMin = 15;
const drawingMax = 45;

export function renderComparisons(document: RunDocument, page: Page): string[] {
  const { comparisons } = document;
  const pairs = [
    ...new Map(comparisons.map((one) => [JSON.stringify([one.baseline, one.candidate]), one])).values(),
  ];
  const columns = Math.min(drawingMax, Math.max(drawingMin, page.width - otherColumns(comparisons)));
  const scale = intervalScale(comparisons, columns);
  const tables = pairs.flatMap(({ baseline, candidate }) => {
    const members = comparisons.filter((one) => one.baseline === baseline && one.candidate === candidate);
    return ["", ...renderPairTable(members, { document, scale, page })];
  });
  if (tables.length === 0) return [];
  if (!comparisons.some(isDrawn)) return tables.slice(1);
  return [
    ...tables.slice(1),
    ...dimText("●: ratio; ─: 95 % interval; [ ]: margin; |: no change; < >: goes on beyond", page),
  ];
}

/** A difference has no place on a scale of ratios. */
function isDrawn({ metric }: Comparison): boolean {
  return !isByDifference(metric);
}

/** What all columns but the drawing take, gaps included, so that the drawing gets the rest. */
function otherColumns(comparisons: readonly Comparison[]): number {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const ratios = comparisons.map(comparedText);
  const widths = [
    longest(comparisons.map(({ metric }) => metricWords(metric))),
    longest(["ratio", ...ratios.map(({ ratio }) => ratio)]),
    longest(["interval", ...ratios.map(({ interval }) => interval)]),
    longest(["margin", ...comparisons.map(marginText)]),
    longest(["not judged", ...comparisons.map(({ verdict }) => verdict)]),
  ];
  return widths.reduce((sum, width) => sum + width + 2, 2);
}

interface PairContext {
  readonly document: RunDocument;
  readonly scale: IntervalScale;
  readonly page: Page;
}

function renderPairTable(members: readonly Comparison[], { document, scale, page }: PairContext): string[] {
  const [first] = members;
  if (first === undefined) return [];
  const counts = members.map(({ blocks }) => blocks);
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  const blocks =
    least === most ? formatNumberOf(most, "block") : `${least} to ${formatNumberOf(most, "block")}`;
  const title = `Comparison: ${escapeControls(first.candidate)} / ${escapeControls(first.baseline)}, ${blocks}`;
  return [
    ...heading(title, page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "ratio", align: "right" },
          { title: "interval", align: "right" },
          { title: "margin", align: "right", keep: 2 },
          { title: "verdict", align: "left" },
          { title: members.some(isDrawn) ? scaleHeader(scale) : "", align: "left", keep: 1 },
        ],
        rows: [
          ...members.map((one) => {
            const hasVerdict = isJudged(one, document);
            const row = comparisonRow(one, scale, hasVerdict);
            return hasVerdict && page.isBrief !== true ? { ...row, notes: resolutionNotes(one) } : row;
          }),
          ...readingsOf(first, document).map((one) => readingRow(one, scale)),
        ],
      },
      page,
    ),
  ];
}

function comparisonRow(comparison: Comparison, scale: IntervalScale, hasVerdict: boolean): Row {
  const { metric, verdict } = comparison;
  const text = comparedText(comparison);
  return {
    cells: [
      metricWords(metric),
      text.ratio,
      text.interval,
      hasVerdict ? marginText(comparison) : absent,
      hasVerdict ? { text: verdict, style: verdictStyles[verdict] } : "not judged",
      drawInterval(comparison, scale, hasVerdict),
    ],
  };
}

/** What was read of a pair beside its comparisons. */
export function readingsOf(
  { baseline, candidate }: Pick<PairReading, "baseline" | "candidate">,
  { readings = [] }: RunDocument,
): PairReading[] {
  return readings.filter((one) => one.baseline === baseline && one.candidate === candidate);
}

function readingRow(reading: PairReading, scale: IntervalScale): Row {
  const text = comparedText(reading);
  const drawing = drawInterval({ ...reading, margin: 0 }, scale, false);
  return { cells: [metricWords(reading.metric), text.ratio, text.interval, absent, "not judged", drawing] };
}

/** How fine this run could see, or why it saw nothing: what makes "equivalent" and "can't tell" worth something. */
export function resolutionNotes({ metric, verdict, reasons, smallestEffect }: Comparison): string[] {
  if (isByDifference(metric)) return [];
  if (verdict !== "equivalent" && verdict !== "inconclusive") return [];
  if (smallestEffect === null) {
    if (reasons.length > 0) return reasons.map(reasonWords);
    return ["too little was measured to say how small a change would have shown"];
  }
  return [`a change for the worse of ${formatPercent(smallestEffect)} would have shown, 4 times in 5`];
}
