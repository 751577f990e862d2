/**
 * Marks at places of a plane: what is measured at single moments or loads, which a line between them would only
 * invent. Series differ in their marks, with or without colour.
 */
import type { LegendEntry } from "./chart.js";
import { type Paint, paintRuns, type Spot, type Style } from "./paint.js";

const marks: readonly { readonly symbol: string; readonly style: Style }[] = [
  { symbol: "●", style: "cyan" },
  { symbol: "×", style: "yellow" },
  { symbol: "■", style: "magenta" },
  { symbol: "+", style: "green" },
];

/** Where marks of several series fall on each other. */
const sharedMark = "▒";
/** In place of a series' own mark. */
const spoiltMark = { symbol: "!", style: "red" } as const;

/** Series that one plot can tell apart. */
export const pointSeriesMax = marks.length;

interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Shown, but not to be relied on. */
  readonly isSpoilt: boolean;
}

export interface PointSeries {
  readonly name: string;
  readonly points: readonly PlotPoint[];
}

interface PlotFrame {
  readonly columns: number;
  /** Rows above the lowest. */
  readonly height: number;
  readonly xRange: readonly [least: number, greatest: number];
  readonly labelOf: (y: number) => string;
  readonly labelWidth: number;
  /** The y scale spans at least this share of its greatest value, so that noise does not look like a storm. */
  readonly leastSpan: number;
  /** Of counts: the scale is even and begins at 0, and a point at 0 is one like the others. */
  readonly isCount: boolean;
}

/** Beyond this factor between least and greatest, the y scale is logarithmic. */
const evenScaleMax = 10;

/** The plot's rows: label, axis, marks; empty without points above 0. */
export function drawPoints(all: readonly PointSeries[], frame: PlotFrame, paint: Paint): string[] {
  const { isCount } = frame;
  const series = all.map((one) => ({ ...one, points: one.points.filter(({ y }) => isCount || y > 0) }));
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0);
  if (ys.length === 0) return [];
  const greatest = Math.max(...ys);
  const least = isCount ? 0 : Math.min(...ys, greatest * (1 - frame.leastSpan));
  const isLog = !isCount && greatest / least > evenScaleMax;
  const toScale = (y: number): number => (isLog ? Math.log(y) : y);
  const [bottom, top] = [toScale(least), toScale(greatest)];
  const rowOf = (y: number): number =>
    Math.round(((top - toScale(y)) / Math.max(top - bottom, Number.MIN_VALUE)) * frame.height);
  const grid = placeMarks(series, frame, rowOf);
  return grid.map((spots, row) => {
    const value = top - ((top - bottom) * row) / frame.height;
    const label = frame
      .labelOf(isLog ? Math.exp(value) : value)
      .padStart(frame.labelWidth)
      .slice(0, frame.labelWidth);
    return `${label}┤${paintRuns(spots, paint)}`.trimEnd();
  });
}

function placeMarks(
  series: readonly PointSeries[],
  { columns, height, xRange: [from, to] }: PlotFrame,
  rowOf: (y: number) => number,
): Spot[][] {
  const grid: Spot[][] = Array.from({ length: height + 1 }, () =>
    Array.from({ length: columns }, () => ({ symbol: " ", style: null })),
  );
  for (const [i, { points }] of series.entries()) {
    for (const { x, y, isSpoilt } of points) {
      const column = Math.round(((x - from) / Math.max(to - from, Number.MIN_VALUE)) * (columns - 1));
      const row = grid[rowOf(y)];
      const before = row?.[column];
      const mark = isSpoilt ? spoiltMark : marks[i % marks.length];
      if (row === undefined || before === undefined || mark === undefined) continue;
      const isFree = before.symbol === " " || before.symbol === mark.symbol;
      row[column] = isFree ? mark : { symbol: sharedMark, style: null };
    }
  }
  return grid;
}

/** What each mark stands for. */
export function pointLegend(series: readonly PointSeries[], spoiltWords = "disqualified"): LegendEntry[] {
  const entries: LegendEntry[] = series.flatMap(({ name }, i) => {
    const mark = marks[i % marks.length];
    return mark === undefined ? [] : [{ sample: mark.symbol, style: mark.style, name }];
  });
  if (series.some(({ points }) => points.some(({ isSpoilt }) => isSpoilt))) {
    entries.push({ sample: spoiltMark.symbol, style: spoiltMark.style, name: spoiltWords });
  }
  return series.length < 2 ? entries : [...entries, { sample: sharedMark, style: "dim", name: "at once" }];
}
