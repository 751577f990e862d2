/** Where a message's time goes: stacked bars for uplink, backend and downlink, and what the proxy adds to each. */
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { cutInMiddle, displayWidth, escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatUs } from "../words/format.js";
import { seriesMeaning } from "../words/latency-series.js";
import { dimText, heading } from "../words/words.js";
import {
  type PartDifference,
  type SplitAddition,
  type SplitBar,
  type SplitPart,
  splitBars,
  splitParts,
} from "./time-split.js";

/** Different in shape as well as in colour, for there may be no colour. */
const fills: Readonly<Record<SplitPart, { readonly symbol: string; readonly style: Style }>> = {
  uplink: { symbol: "█", style: "cyan" },
  backend: { symbol: "▒", style: "yellow" },
  downlink: { symbol: "░", style: "magenta" },
};

const barMin = 12;
const barMax = 48;
/** What a page of 80 columns leaves for a name beside values and bars; a wider one leaves more. */
const nameMin = 28;
const besideName = 60;

/** Nothing where the backend's stamps are missing. */
export function renderSplit(document: RunDocument, page: Page): string[] {
  const bars = splitBars(document);
  if (bars.length === 0) return [];
  const columns = Math.min(barMax, page.width - otherColumns(bars, page));
  const rows = bars.flatMap((bar) => {
    const greatest = Math.max(
      ...bars
        .filter(({ percentile }) => percentile === bar.percentile)
        .map(({ partsUs }) => sumOfParts(partsUs)),
    );
    const draw = (partsUs: SplitBar["partsUs"]): string => drawBar(partsUs, greatest, columns);
    return rowsOf(bar, { page, draw: columns < barMin ? null : draw });
  });
  const legend = splitParts.map((part) => `${fills[part].symbol} ${part}: ${seriesMeaning(part)}`).join("; ");
  const isTwoScales = new Set(bars.map(({ percentile }) => percentile)).size > 1;
  return [
    ...heading("Where the time goes, by the kernel's stamps at both ends", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left", grouped: true },
          { title: "arm", align: "left" },
          ...splitParts.map((part) => ({ title: part, align: "right" as const })),
          ...(columns < barMin ? [] : [{ title: "", align: "left" as const, keep: 1 }]),
        ],
        rows,
      },
      page,
    ),
    ...dimText(`${legend}${isTwoScales ? "; p50 and p99 each on a scale of its own" : ""}`, page),
  ];
}

interface RowContext {
  readonly page: Page;
  /** Null where there is no room for bars. */
  readonly draw: ((partsUs: SplitBar["partsUs"]) => string) | null;
}

function rowsOf(bar: SplitBar, { page, draw }: RowContext): Row[] {
  const drawing = (partsUs: SplitBar["partsUs"]): Row["cells"] =>
    draw === null ? [] : [{ text: draw(partsUs), styleOf: fillStyle }];
  const { arm, percentile, partsUs, added } = bar;
  const own = {
    cells: [
      percentile,
      shortName(arm, page),
      ...splitParts.map((part) => formatUs(partsUs[part])),
      ...drawing(partsUs),
    ],
  };
  if (added === null) return [own];
  const { parts } = added;
  const differences = {
    uplink: parts.uplink.differenceUs,
    backend: parts.backend.differenceUs,
    downlink: parts.downlink.differenceUs,
  };
  const addedRow = {
    cells: [
      percentile,
      additionName(added, page),
      ...splitParts.map((part) => signed(differences[part])),
      ...drawing(differences),
    ],
    notes: noiseNotes(added),
  };
  return [own, addedRow];
}

function shortName(arm: string, page: Page): string {
  return cutInMiddle(escapeControls(arm), Math.max(nameMin, page.width - besideName));
}

function additionName({ direct }: SplitAddition, page: Page): string {
  return ` - ${shortName(direct, page)}`;
}

/** Which parts of a difference noise alone might have made. */
export function noiseNotes({ parts }: SplitAddition): string[] {
  const partsWith = (noise: PartDifference["noise"]): string =>
    splitParts.filter((part) => parts[part].noise === noise).join(", ");
  const [within, unknown] = [partsWith("within"), partsWith("unknown")];
  return [
    ...(within === "" ? [] : [`within noise: ${within}`]),
    ...(unknown === "" ? [] : [`too few blocks to tell from noise: ${unknown}`]),
  ];
}

/** A difference with its sign, from microseconds. */
export function signed(us: number): string {
  return us < 0 ? formatUs(us) : `+${formatUs(us)}`;
}

/** Cut where the sums end, so that rounding never adds up; a part that takes time away draws nothing. */
function drawBar(partsUs: SplitBar["partsUs"], greatest: number, columns: number): string {
  let sum = 0;
  let bar = "";
  for (const part of splitParts) {
    sum += Math.max(0, partsUs[part]);
    const end = greatest > 0 ? Math.min(columns, Math.round((sum / greatest) * columns)) : 0;
    bar += fills[part].symbol.repeat(Math.max(0, end - bar.length));
  }
  return bar;
}

function fillStyle(character: string): Style | null {
  return splitParts.map((part) => fills[part]).find(({ symbol }) => symbol === character)?.style ?? null;
}

/** The parts' sum, in their unit. */
export function sumOfParts(partsUs: SplitBar["partsUs"]): number {
  return splitParts.reduce((sum, part) => sum + partsUs[part], 0);
}

/** What all columns but the bars take, gaps included. */
function otherColumns(bars: readonly SplitBar[], page: Page): number {
  const names = bars.flatMap(({ arm, added }) => [
    shortName(arm, page),
    ...(added === null ? [] : [additionName(added, page)]),
  ]);
  const values = splitParts.map((part) =>
    Math.max(
      part.length,
      ...bars.map(({ partsUs }) => formatUs(partsUs[part]).length),
      ...bars.flatMap(({ added }) => (added ? [signed(added.parts[part].differenceUs).length] : [])),
    ),
  );
  const widths = ["p50".length, Math.max(...names.map(displayWidth)), ...values];
  return widths.reduce((sum, width) => sum + width + 2, 2);
}
