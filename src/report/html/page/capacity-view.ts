/** Latency against load: of one arm all latencies together; of several arms one latency at a time as well. */
import { formatPerS, formatUs } from "../../words/format.js";
import type { CapacityChart, LoadOutcome, LoadPlace } from "../capacity-data.js";
import type { ReportData } from "../report-data.js";
import type { ChartLine, ChartMark, ChartView, Spot } from "./chart-view.js";

const shapes = { kept: "dot", missed: "cross", measured: "ring", void: "diamond" } as const;
const markStyles = { knee: "dashed", edge: "line", foretold: "dotted" } as const;
/** The axis reaches a foretold limit that is no farther beyond the greatest load than this. */
const reach = 1.5;
/** Right of the last mark. */
const room = 1.03;

/** What one line of a view is drawn from: places in the chart's `arms` and `series`. */
interface Source {
  readonly name: string;
  readonly arm: number;
  readonly series: number;
  readonly colour: number;
}

export function capacityViews({ capacity }: ReportData): ChartView[] {
  if (capacity === null) return [];
  const { arms, series } = capacity;
  const single = arms.map(({ name }, arm) =>
    viewOf(capacity, arms.length === 1 ? "latency" : `all of ${name}`, {
      arms: [arm],
      sources: series.map((one, i) => ({ name: one.name, arm, series: i, colour: i })),
    }),
  );
  if (arms.length === 1) return single;
  const sideBySide = series.map(({ name }, i) =>
    viewOf(capacity, name, {
      arms: arms.map((_, arm) => arm),
      sources: arms.map((one, arm) => ({ name: one.name, arm, series: i, colour: arm })),
    }),
  );
  return [...sideBySide, ...single];
}

interface Scope {
  /** Places in the chart's `arms`. */
  readonly arms: readonly number[];
  readonly sources: readonly Source[];
}

function viewOf(chart: CapacityChart, name: string, { arms, sources }: Scope): ChartView {
  const xs = [...new Set(arms.flatMap((arm) => chart.arms[arm]?.loads ?? []))].sort((a, b) => a - b);
  const marks = arms.flatMap((arm) => {
    const named = chart.arms[arm];
    return (named?.places ?? []).map((place) =>
      arms.length === 1 ? markOf(place) : { ...markOf(place, `${named?.name} `), arm },
    );
  });
  const shown = new Set(sources.map(({ series }) => chart.series[series]?.name));
  const limits = chart.limits
    .filter(({ series }) => shown.has(series))
    .map(({ words, us }): ChartMark => ({ axis: "y", at: us, words, style: "dotted" }));
  const greatest = Math.max(...xs);
  const ends = marks.flatMap(({ at, span = [at, at] }) => [at, span[1]]);
  const last = Math.max(greatest, ...ends.filter((end) => end <= greatest * reach));
  return {
    name,
    scope: "",
    xs,
    xRange: [0, last * room],
    yScale: "log",
    lines: sources.map((source) => lineOf(chart, source, xs)),
    marks: [...marks, ...limits],
    xLabel: "messages offered a second",
    formatX: (x) => formatPerS(x),
    formatY: formatUs,
    readAt: (index) => {
      const perS = xs[index] ?? 0;
      return {
        where: `${formatPerS(perS)}/s`,
        values: sources.map((source) => readLine(chart, source, perS)),
      };
    },
  };
}

function markOf({ words, perS, low, high, kind }: LoadPlace, before = ""): ChartMark {
  return {
    axis: "x",
    at: perS,
    words: `${before}${words} ${formatPerS(Number(perS.toPrecision(3)))}`,
    style: markStyles[kind],
    ...(high > low ? { span: [low, high] as const } : {}),
  };
}

function lineOf(chart: CapacityChart, source: Source, xs: readonly number[]): ChartLine {
  const { name, colour } = source;
  const loads = chart.arms[source.arm]?.loads ?? [];
  const fit = chart.series[source.series]?.arms[source.arm]?.fit ?? [];
  return {
    name,
    arm: colour,
    style: "line",
    values: xs.map((x) => fit[loads.indexOf(x)] ?? null),
    spots: xs.map((x) =>
      stepsAt(chart, source, x).map(({ us, outcome }): Spot => ({ y: us, shape: shapes[outcome] })),
    ),
  };
}

function stepsAt(
  { arms, series }: CapacityChart,
  source: Source,
  perS: number,
): { us: number; outcome: LoadOutcome }[] {
  const { loads = [], steps = [] } = arms[source.arm] ?? {};
  const values = series[source.series]?.arms[source.arm]?.us ?? [];
  return steps.flatMap(({ at, outcome }, step) => {
    const us = values[step] ?? null;
    return loads[at] === perS && us !== null ? [{ us, outcome }] : [];
  });
}

/** `19.1 ms, 20.4 ms (missed)`; null where the arm was not run at the load. */
function readLine(chart: CapacityChart, source: Source, perS: number): string | null {
  const said = stepsAt(chart, source, perS).map(({ us, outcome }) => {
    return `${formatUs(us)}${outcome === "kept" || outcome === "measured" ? "" : ` (${outcome})`}`;
  });
  return said.length === 0 ? null : said.join(", ");
}
