/** What a chart has beyond its lines: spots of several shapes, marks across it with their words, shaded spans. */

import { layOutLabels } from "../lay-out-labels.js";
import type { ChartMark, ChartView, Spot } from "./chart-view.js";
import type { Colours } from "./plot-colours.js";

/** A canvas with its scales; all places are device pixels. */
export interface DrawingGround {
  readonly context: CanvasRenderingContext2D;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Device pixels in one of CSS. */
  readonly ratio: number;
  readonly toX: (x: number) => number;
  readonly toY: (y: number) => number;
}

export interface Drawn {
  readonly view: ChartView;
  readonly colours: Colours;
  readonly font: string;
  /** Rows of labels over the chart that there is room for. */
  readonly rows: number;
  readonly isShown: (line: string) => boolean;
}

/** CSS pixels. */
export const labelHeight = 16;
/** About, for what is not drawn yet. */
const letterWidth = 6.4;
const rowsMax = 6;
const spanOpacity = 0.13;
const dashesOf = { line: [], dashed: [7, 4], dotted: [2, 3] } as const;

/** Rows that the words of the marks need over a chart so wide. @param width of the chart alone, in CSS pixels */
export function labelRows({ xs, xRange, marks = [] }: ChartView, width: number): number {
  const [from, to] = xRange ?? [xs[0] ?? 0, xs.at(-1) ?? 1];
  const onX = marks.filter(({ axis }) => axis === "x");
  const labels = onX.map(({ at, words }) => ({
    at: ((at - from) / Math.max(to - from, Number.EPSILON)) * width,
    width: words.length * letterWidth,
  }));
  return Math.min(rowsMax, Math.max(0, ...layOutLabels(labels, [0, width]).map(({ row }) => row + 1)));
}

export function shadeSpans({ context, box, toX }: DrawingGround, { view, colours }: Drawn): void {
  context.save();
  context.globalAlpha = spanOpacity;
  for (const mark of view.marks ?? []) {
    if (mark.span === undefined) continue;
    const [left, right] = mark.span.map((x) => within(toX(x), box.left, box.left + box.width)) as [
      number,
      number,
    ];
    context.fillStyle = colourOf(mark, colours);
    context.fillRect(left, box.top, right - left, box.height);
  }
  context.restore();
}

export function drawMarks(ground: DrawingGround, drawn: Drawn): void {
  const { context, box, ratio, toX, toY } = ground;
  const { view, colours, font, rows } = drawn;
  const marks = view.marks ?? [];
  context.save();
  context.font = font.replace(/^([\d.]+)px/, (_, size: string) => `${Number(size) * ratio}px`);
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineWidth = 1.5 * ratio;
  const stroke = (mark: ChartMark, from: readonly [number, number], to: readonly [number, number]): void => {
    context.strokeStyle = colourOf(mark, colours);
    context.setLineDash(dashesOf[mark.style].map((length) => length * ratio));
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  };
  const writeOver = (mark: ChartMark, left: number, y: number): void => {
    context.fillStyle = colours.ground;
    const { width } = context.measureText(mark.words);
    context.fillRect(left - 3 * ratio, y - 7 * ratio, width + 6 * ratio, 14 * ratio);
    context.fillStyle = colourOf(mark, colours);
    context.fillText(mark.words, left, y);
  };
  const right = box.left + box.width;
  for (const mark of marks.filter(({ axis }) => axis === "y")) {
    const y = toY(mark.at);
    if (y < box.top || y > box.top + box.height) continue;
    stroke(mark, [box.left, y], [right, y]);
    writeOver(mark, box.left + 6 * ratio, y - 9 * ratio);
  }
  const upright = marks.filter(({ axis, at }) => {
    return axis === "x" && toX(at) >= box.left && toX(at) <= right;
  });
  const labels = upright.map(({ at, words }) => ({ at: toX(at), width: context.measureText(words).width }));
  const placed = layOutLabels(labels, [box.left, right]).filter(({ row }) => row < rows);
  const middleOf = (row: number): number => box.top - (row + 0.6) * labelHeight * ratio;
  for (const [i, mark] of upright.entries()) {
    const row = placed[i]?.row ?? 0;
    stroke(mark, [toX(mark.at), middleOf(row)], [toX(mark.at), box.top + box.height]);
  }
  // Over all lines, so that none strikes a word out.
  for (const [i, { left, row }] of placed.entries()) {
    const mark = upright[i];
    if (mark === undefined) continue;
    writeOver(mark, left, middleOf(row));
  }
  context.restore();
}

export function drawSpots(ground: DrawingGround, { view, colours, isShown }: Drawn): void {
  const { context, box, ratio, toX, toY } = ground;
  context.save();
  context.lineWidth = 2 * ratio;
  for (const { arm, name, spots = [] } of view.lines) {
    if (!isShown(name)) continue;
    const colour = colours.arms[arm % 8] ?? colours.text;
    for (const [i, some] of spots.entries()) {
      const x = toX(view.xs[i] ?? 0);
      if (x < box.left || x > box.left + box.width) continue;
      for (const { y, shape } of some)
        drawSpot(context, { shape, x, y: toY(y), size: 4 * ratio, colour, colours });
    }
  }
  context.restore();
}

interface PlacedSpot {
  readonly shape: Spot["shape"];
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: string;
  readonly colours: Colours;
}

function drawSpot(
  context: CanvasRenderingContext2D,
  { shape, x, y, size, colour, colours }: PlacedSpot,
): void {
  context.strokeStyle = colour;
  context.beginPath();
  switch (shape) {
    case "dot":
      context.fillStyle = colour;
      context.arc(x, y, size * 0.85, 0, 2 * Math.PI);
      context.fill();
      return;
    case "ring":
      context.fillStyle = colours.ground;
      context.arc(x, y, size * 0.85, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      return;
    case "cross":
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y + size);
      context.moveTo(x - size, y + size);
      context.lineTo(x + size, y - size);
      context.stroke();
      return;
    case "diamond":
      context.fillStyle = colours.ground;
      context.moveTo(x, y - size * 1.3);
      context.lineTo(x + size * 1.3, y);
      context.lineTo(x, y + size * 1.3);
      context.lineTo(x - size * 1.3, y);
      context.closePath();
      context.fill();
      context.stroke();
  }
}

function colourOf({ arm }: ChartMark, colours: Colours): string {
  return arm === undefined ? colours.text : (colours.arms[arm % 8] ?? colours.text);
}

function within(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
