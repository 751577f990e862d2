/** Draws a view with uPlot: the only file that knows the library. */
import uPlot from "uplot";
import { niceMarks } from "../nice-marks.js";
import type { ChartLine, ChartView } from "./chart-view.js";
import {
  type DrawingGround,
  drawMarks,
  drawSpots,
  labelHeight,
  labelRows,
  shadeSpans,
} from "./draw-marks.js";
import { type Colours, coloursOf } from "./plot-colours.js";
import { evenRange, logRange, needsLogScale, roomyRange, withMarks } from "./plot-scales.js";

export interface Plot {
  readonly width: number;
  resize(width: number): void;
  /** Puts the cursor at a place of the view's `xs`. */
  moveCursor(index: number): void;
  destroy(): void;
}

interface PlotOptions {
  /** CSS pixels. */
  readonly width: number;
  readonly isShown: (line: string) => boolean;
  /** Null: the cursor left the chart. */
  readonly onCursor: (index: number | null) => void;
}

const dashes: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [12, 3, 2, 3],
  [5, 2],
  [1, 2],
  [14, 4],
  [4, 4],
];

const yAxisSize = 64;
const rightPadding = 14;

export function createPlot(ground: HTMLElement, view: ChartView, options: PlotOptions): Plot {
  const colours = coloursOf(ground);
  const font = `12px ${getComputedStyle(ground).fontFamily}`;
  const rows = labelRows(view, options.width - yAxisSize - rightPadding);
  const drawn = { view, colours, font, rows, isShown: options.isShown };
  const sizeAt = (width: number): { width: number; height: number } => ({
    width,
    height: heightAt(width) + rows * labelHeight,
  });
  const plot = new uPlot(
    {
      ...sizeAt(options.width),
      padding: [12 + rows * labelHeight, rightPadding, 0, 0],
      legend: { show: false },
      scales: scalesOf(view),
      axes: axesOf(view, colours, font),
      cursor: { drag: { x: true, y: false }, points: { size: 8, width: 2 }, y: false },
      series: [{}, ...view.lines.flatMap((line) => columnsOf(line, colours, options.isShown(line.name)))],
      hooks: {
        drawClear: [(u) => drawBands(u, view, colours.band), (u) => shadeSpans(groundOf(u), drawn)],
        draw: [(u) => drawMarks(groundOf(u), drawn), (u) => drawSpots(groundOf(u), drawn)],
        setCursor: [(u) => options.onCursor(u.cursor.idx ?? null)],
      },
    },
    dataOf(view),
    ground,
  );
  return {
    get width() {
      return plot.width;
    },
    resize: (width) => plot.setSize(sizeAt(width)),
    moveCursor(index) {
      const left = plot.valToPos(view.xs[index] ?? 0, "x");
      plot.setCursor({ left, top: 10 }, false);
      options.onCursor(index);
    },
    destroy: () => plot.destroy(),
  };
}

function scalesOf(view: ChartView): uPlot.Scales {
  const isLog = needsLogScale(view);
  const hasPoints = view.lines.some(({ style, spots }) => style !== "line" || spots !== undefined);
  return {
    x: { time: false, range: (_, low, high) => xRangeOf(view, [low, high], hasPoints) },
    y: {
      distr: isLog ? 3 : 1,
      range: (_, low, high) => {
        const [least, most] = withMarks(low, high, view);
        return isLog ? logRange(least, most) : evenRange(least, most);
      },
    },
  };
}

function axesOf(view: ChartView, colours: Colours, font: string): uPlot.Axis[] {
  const { xMarks } = view;
  const isLog = needsLogScale(view);
  const axis = {
    stroke: colours.text,
    font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.grid, width: 1, size: 4 },
  };
  return [
    {
      ...axis,
      label: view.xLabel,
      labelFont: font,
      labelSize: 22,
      size: 34,
      space: 44,
      values: (_, splits) =>
        splits.map((value: number | null) => (value === null ? "" : view.formatX(value))),
      ...(xMarks === undefined
        ? {}
        : { splits: (u) => marksWithin(xMarks, u.scales.x), filter: (u, splits) => withRoom(u, splits) }),
    },
    {
      ...axis,
      size: yAxisSize,
      splits: (u) => niceMarks(u.scales.y?.min ?? 0, u.scales.y?.max ?? 1, { isLog, marks: u.height / 45 }),
      filter: (_, splits) => splits,
      values: (_, splits) => splits.map((value) => view.formatY(value)),
    },
  ];
}

/** A line, and the columns of its spots, which are drawn by hand. */
function columnsOf(line: ChartLine, colours: Colours, show: boolean): uPlot.Series[] {
  return [
    seriesOf(line, { colours, show }),
    ...spotRanks(line).map(() => ({ show, stroke: "transparent", points: { show: false } })),
  ];
}

function seriesOf(
  { arm, style }: ChartLine,
  { colours, show }: { readonly colours: Colours; readonly show: boolean },
): uPlot.Series {
  const stroke = colours.arms[arm % 8] ?? colours.text;
  const hasPoints = style !== "line";
  return {
    show,
    stroke,
    width: hasPoints ? 1.5 : 2.25,
    ...(style === "dots" ? { paths: () => null } : {}),
    spanGaps: true,
    dash: style === "line" ? [...(dashes[arm % 8] ?? [])] : [],
    points: {
      show: hasPoints,
      size: style === "dots" ? 5 : 7,
      stroke,
      fill: arm % 2 === 0 ? stroke : colours.ground,
    },
  };
}

function dataOf({ xs, lines }: ChartView): uPlot.AlignedData {
  return [[...xs], ...lines.flatMap((line) => [[...line.values], ...spotRanks(line)])];
}

/** The spots as columns of data, so that the upright axis reaches them: the first of each place, the second, and so on. */
function spotRanks({ spots = [] }: ChartLine): (number | null)[][] {
  const most = spots.reduce((count, some) => Math.max(count, some.length), 0);
  return Array.from({ length: most }, (_, rank) => spots.map((some) => some[rank]?.y ?? null));
}

/** The view's own range until the reader narrows it to less than all of the data. */
function xRangeOf(
  { xs, xRange }: ChartView,
  [low, high]: readonly [number, number],
  hasPoints: boolean,
): [number, number] {
  const isWhole = low <= (xs[0] ?? low) && high >= (xs.at(-1) ?? high);
  const [from, to] = isWhole && xRange !== undefined ? xRange : [low, high];
  return roomyRange(from, to, hasPoints);
}

function groundOf(u: uPlot): DrawingGround {
  return {
    context: u.ctx,
    box: u.bbox,
    ratio: uPlot.pxRatio,
    toX: (x) => u.valToPos(x, "x", true),
    toY: (y) => u.valToPos(y, "y", true),
  };
}

function drawBands(u: uPlot, { bands }: ChartView, colour: string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.fillStyle = colour;
  for (const [from, to] of bands ?? []) {
    const left = Math.max(bbox.left, u.valToPos(from, "x", true));
    const right = Math.min(bbox.left + bbox.width, u.valToPos(to, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

function marksWithin(marks: readonly number[], scale: uPlot.Scale | undefined): number[] {
  const { min = 0, max = 1 } = scale ?? {};
  return marks.filter((mark) => mark >= (min ?? 0) - 1e-9 && mark <= (max ?? 1) + 1e-9);
}

/** Leaves out the words of marks that stand too near the one before. */
function withRoom(u: uPlot, splits: number[]): (number | null)[] {
  let last = Number.NEGATIVE_INFINITY;
  return splits.map((mark) => {
    const at = u.valToPos(mark, "x");
    if (at - last < 46) return null;
    last = at;
    return mark;
  });
}

function heightAt(width: number): number {
  return width < 500 ? 260 : 340;
}
