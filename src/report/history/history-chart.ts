/**
 * Ratios over runs: a column a run, its interval as a bar, its level as a line, and a mark under the first run of each
 * new level. asciichart joins values to a line, and a line between two runs would be invented.
 */
import { type Paint, paintRuns, type Spot, type Style } from "../draw/paint.js";

interface HistoryColumn {
  readonly ratio: number;
  /** Null without an interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Median of the level that the run belongs to. */
  readonly level: number;
  readonly startsLevel: boolean;
}

interface HistoryChart {
  /** Left to right. */
  readonly columns: readonly HistoryColumn[];
  /** Rows above the lowest. */
  readonly height: number;
  /** Characters a run. */
  readonly columnWidth: number;
}

const labelWidth = 7;

/** Columns beside the plot: the label and the axis. */
export const historyChartMargin = labelWidth + 1;

/** The scale spans at least this factor, so that noise does not look like a storm. */
const leastSpan = Math.log(1.04);

/** The rows with their labels, then the row of marks where a level starts; on a logarithmic scale. */
export function drawHistoryChart({ columns, height, columnWidth }: HistoryChart, paint: Paint): string[] {
  const [bottom, top] = scaleOf(columns);
  const rowOf = (ratio: number): number => Math.round(((top - Math.log(ratio)) / (top - bottom)) * height);
  const grid: Spot[][] = Array.from({ length: height + 1 }, () =>
    Array.from({ length: columns.length * columnWidth }, () => ({ symbol: " ", style: null })),
  );
  const put = (row: number, column: number, symbol: string, style: Style | null): void => {
    const spots = grid[Math.min(height, Math.max(0, row))];
    if (spots !== undefined) spots[column] = { symbol, style };
  };
  columns.forEach(({ ratio, low, high, level }, i) => {
    const middle = i * columnWidth + Math.floor(columnWidth / 2);
    for (let at = i * columnWidth; at < (i + 1) * columnWidth; at++) put(rowOf(level), at, "┄", "dim");
    if (low !== null && high !== null) {
      for (let row = rowOf(high); row <= rowOf(low); row++) put(row, middle, "│", "cyan");
    }
    put(rowOf(ratio), middle, "●", "cyan");
  });
  const rows = grid.map((spots, row) => {
    const value = Math.exp(top - ((top - bottom) * row) / height);
    return `${`${value.toFixed(value < 10 ? 3 : 1)}x`.padStart(labelWidth)}┤${paintRuns(spots, paint)}`.trimEnd();
  });
  const marks = columns
    .map(({ startsLevel }) =>
      (startsLevel ? "▲" : " ").padStart(Math.floor(columnWidth / 2) + 1).padEnd(columnWidth),
    )
    .join("")
    .trimEnd();
  return marks === "" ? rows : [...rows, `${" ".repeat(historyChartMargin)}${paint("yellow", marks)}`];
}

/** Wide intervals are cut off rather than let squash every ratio: the ratios decide, with room around them. */
function scaleOf(columns: readonly HistoryColumn[]): readonly [bottom: number, top: number] {
  const ratios = columns.map(({ ratio }) => Math.log(ratio));
  const least = Math.min(...ratios);
  const most = Math.max(...ratios);
  const reach = Math.max(most - least, leastSpan);
  const ends = columns.flatMap(({ low, high }) =>
    low === null || high === null ? [] : [Math.log(low), Math.log(high)],
  );
  const middle = (least + most) / 2;
  return [
    Math.max(Math.min(middle - reach / 2, ...ends), middle - reach),
    Math.min(Math.max(middle + reach / 2, ...ends), middle + reach),
  ];
}
