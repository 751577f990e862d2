/**
 * Line charts, by asciichart. It draws one set of symbols a plot, so each line is plotted alone on the shared
 * scale and the plots are laid over each other: lines then differ in their strokes, with or without colour.
 */
import { plot } from "asciichart";
import { type Paint, paintRuns, type Spot, type Style } from "./paint.js";

interface Stroke {
  /** Horizontal, then the corners `╰ ╭ ╮ ╯`, then vertical. */
  readonly symbols: readonly [string, string, string, string, string, string];
  readonly style: Style;
}

const strokes: readonly Stroke[] = [
  { symbols: ["─", "╰", "╭", "╮", "╯", "│"], style: "cyan" },
  { symbols: ["━", "┗", "┏", "┓", "┛", "┃"], style: "yellow" },
  { symbols: ["═", "╚", "╔", "╗", "╝", "║"], style: "magenta" },
  { symbols: ["·", "·", "·", "·", "·", "·"], style: "green" },
];

/** Where lines lie on each other. */
const sharedSymbol = "▒";

/** Lines that one chart can tell apart. */
export const chartLinesMax = strokes.length;

export interface ChartLine {
  readonly name: string;
  /** One a column, left to right; null where the line has no value. */
  readonly values: readonly (number | null)[];
}

export interface LegendEntry {
  readonly sample: string;
  readonly style: Style;
  readonly name: string;
}

export interface ChartScale {
  readonly min: number;
  readonly max: number;
  /** Rows above the lowest. */
  readonly height: number;
  /** What stands beside the axis; all are padded to `labelWidth`. */
  readonly labelOf: (value: number) => string;
  readonly labelWidth: number;
}

/** The chart's rows: label, axis, plot. */
export function drawChart(lines: readonly ChartLine[], scale: ChartScale, paint: Paint): string[] {
  const layers = lines.flatMap((line, i) => {
    const stroke = strokes[i % strokes.length];
    return stroke === undefined || line.values.every((value) => value === null)
      ? []
      : [{ stroke, rows: plotAlone(line, stroke, scale) }];
  });
  const [first] = layers;
  if (first === undefined) return [];
  const plotStart = scale.labelWidth + 1;
  return first.rows.map((row, y) => {
    const spots = Array.from(row.slice(plotStart), (_, x) =>
      overlay(layers.map(({ stroke, rows }) => ({ symbol: rows[y]?.[plotStart + x] ?? " ", stroke }))),
    );
    return `${row.slice(0, plotStart)}${paintRuns(spots, paint)}`.trimEnd();
  });
}

/** What each line looks like, by its place: `───`; and where lines lie on each other. */
export function legendEntries(lines: readonly ChartLine[]): LegendEntry[] {
  const entries: LegendEntry[] = lines.flatMap(({ name }, i) => {
    const stroke = strokes[i % strokes.length];
    return stroke === undefined ? [] : [{ sample: stroke.symbols[0].repeat(3), style: stroke.style, name }];
  });
  if (lines.length < 2) return entries;
  const name = lines.length === 2 ? "both" : "several at once";
  return [...entries, { sample: sharedSymbol.repeat(3), style: "dim", name }];
}

function plotAlone(line: ChartLine, stroke: Stroke, { min, max, height, labelOf, labelWidth }: ChartScale) {
  const [flat, ...corners] = stroke.symbols;
  const rows = plot(withoutHoles(line.values), {
    min,
    max,
    height,
    offset: 2,
    symbols: ["┤", "┤", flat, flat, flat, ...corners],
    format: (value) => labelOf(value).padStart(labelWidth).slice(0, labelWidth),
  }).split("\n");
  // Columns without a value were bridged for asciichart, which knows no holes; they are blanked again here.
  return rows.map((row) =>
    Array.from(row, (symbol, at) => {
      const column = at - labelWidth - 1;
      return column >= 0 && (line.values[column] ?? null) === null ? " " : symbol;
    }).join(""),
  );
}

/** Fills each hole with the value before it, and leading holes with the first value there is. */
function withoutHoles(values: readonly (number | null)[]): number[] {
  let last = values.find((value) => value !== null) ?? 0;
  const filled = values.map((value) => {
    last = value ?? last;
    return last;
  });
  // asciichart draws the steps between values, one fewer than values.
  return [...filled, last];
}

function overlay(layers: readonly { readonly symbol: string; readonly stroke: Stroke }[]): Spot {
  const drawn = layers.filter(({ symbol }) => symbol !== " ");
  const [only] = drawn;
  if (only === undefined) return { symbol: " ", style: null };
  return drawn.length === 1
    ? { symbol: only.symbol, style: only.stroke.style }
    : { symbol: sharedSymbol, style: null };
}
