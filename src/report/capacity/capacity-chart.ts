/** Latency against load, with the knee and the SLO's edge marked on its axis. */
import type { ArmCapacity, CapacityStepResult } from "../../results/capacity-schema.js";
import { plotColumns, renderChartPanels } from "../draw/chart-panel.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatCount, formatPerS, formatUs } from "../words/format.js";
import { heading, legendText } from "../words/words.js";
import { risingCurve } from "./rising-curve.js";

const labelWidth = 8;
const height = 9;
/** Loads further beyond the edge only squeeze the part that matters. */
const beyondEdge = 1.3;
const leastLoads = 3;

const lines: readonly {
  readonly name: string;
  readonly of: (step: CapacityStepResult) => number | null | undefined;
}[] = [
  { name: "response p99", of: ({ trial }) => trial.latencyUs.response?.p99 },
  { name: "response mean", of: ({ trial }) => trial.latencyUs.response?.mean },
  { name: "wire p99", of: ({ trial }) => trial.latencyUs.wire?.p99 },
];

/** Nothing for too few loads, or on a page too narrow. */
export function renderCapacityChart(capacity: ArmCapacity, page: Page): string[] {
  const edge = capacity.ratePerS?.value ?? null;
  const steps = capacity.steps
    .filter(({ kind, outcome }) => (kind === "search" || kind === "sweep") && outcome !== "void")
    .filter(({ ratePerS }) => ratePerS !== null && (edge === null || ratePerS <= edge * beyondEdge));
  const loads = steps.map(({ ratePerS }) => ratePerS ?? 0);
  const columns = plotColumns(page, labelWidth);
  const greatest = Math.max(0, ...loads);
  if (new Set(loads).size < leastLoads || columns === 0) return [];
  const drawn = lines
    .map(({ name, of }) => ({ name, values: curve(steps, of, { greatest, columns }) }))
    .filter(({ values }) => values.some((value) => value !== null));
  const all = drawn.flatMap(({ values }) => values).filter((value) => value !== null);
  if (all.length === 0) return [];
  const places = [
    ...(capacity.kneePerS === null ? [] : [{ word: "knee", perS: capacity.kneePerS.value }]),
    ...(edge === null ? [] : [{ word: "SLO", perS: edge }]),
  ];
  return [
    ...heading(`Latency against load, ${escapeControls(capacity.arm)}, on a logarithmic scale`, page),
    ...renderChartPanels(
      {
        lines: drawn,
        scale: {
          min: Math.min(...all),
          max: Math.max(...all, Math.min(...all) + Math.LN2),
          height,
          labelOf: (value) => formatUs(Math.exp(value)),
          labelWidth,
        },
        foot: [axis(places, greatest, columns), numbers(greatest, columns)].filter((line) => line !== ""),
      },
      page,
    ),
    ...legendText(
      "messages offered a second, from left to right; each the rising curve that lies nearest to the steps",
      page,
    ),
  ];
}

interface Plot {
  readonly greatest: number;
  readonly columns: number;
}

/** Logarithms, a column each, straight between the loads that were run; null below the first and beyond the last. */
function curve(
  steps: readonly CapacityStepResult[],
  of: (step: CapacityStepResult) => number | null | undefined,
  { greatest, columns }: Plot,
): (number | null)[] {
  const points = risingCurve(steps.map((step) => ({ x: step.ratePerS ?? 0, y: of(step) }))).map(
    ({ x, y }) => ({
      x,
      y: Math.log(y),
    }),
  );
  return Array.from({ length: columns }, (_, column) => {
    const x = (greatest * column) / Math.max(1, columns - 1);
    const after = points.findIndex((point) => point.x >= x - 1e-9);
    const [a, b] = [points[after - 1], points[after]];
    if (b === undefined || (a === undefined && b.x > x + greatest / columns)) return null;
    return a === undefined ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
  });
}

const ticksMost = 8;
/** Between two numbers of the axis. */
const tickRoom = 2;

/** `0      2,000      4,000    60,000/s`: round loads, and the greatest. */
function numbers(greatest: number, columns: number): string {
  const end = `${formatPerS(greatest)}/s`;
  const step = roundStep(greatest / ticksMost);
  const ticks = Array.from({ length: Math.floor(greatest / step) + 1 }, (_, i) => ({
    text: formatCount(i * step),
    at: Math.round(((i * step) / greatest) * (columns - 1)),
  }));
  let line = "";
  for (const { text, at } of ticks) {
    const from = at === 0 ? 0 : at - Math.floor(text.length / 2);
    const fits = line === "" || from >= line.length + tickRoom;
    if (fits && from + text.length + tickRoom <= columns - end.length) line = line.padEnd(from) + text;
  }
  return line.padEnd(columns - end.length) + end;
}

/** 1, 2 or 5 times a power of ten, at least so large. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return power * ([1, 2, 5, 10].find((digit) => digit * power >= least) ?? 10);
}

/** `knee^   ^SLO`: marks that would meet leave the later one out; empty without any. */
function axis(
  places: readonly { readonly word: string; readonly perS: number }[],
  greatest: number,
  columns: number,
): string {
  const cells = Array.from({ length: columns }, () => " ");
  const put = (text: string, at: number): void => {
    const from = Math.max(0, Math.min(columns - text.length, at));
    if (cells.slice(Math.max(0, from - 1), from + text.length + 1).some((cell) => cell !== " ")) return;
    for (const [index, letter] of [...text].entries()) cells[from + index] = letter;
  };
  for (const { word, perS } of places) {
    const at = Math.round((perS / greatest) * (columns - 1));
    const isLeft = word === "knee" && at >= word.length;
    put(isLeft ? `${word}^` : `^${word}`, isLeft ? at - word.length : at);
  }
  return cells.join("").trimEnd();
}
