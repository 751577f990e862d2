/** A soak over its time: a point a window, and the line of each trend, which the legend says in words. */
import { metricValue } from "../../soak/soak-words.js";
import type { ReportData } from "../report-data.js";
import type { SoakChart, SoakLine } from "../soak-data.js";
import type { ChartLine, ChartView } from "./chart-view.js";
import { crossesAt } from "./crosses-at.js";

export function soakViews({ soak }: ReportData): ChartView[] {
  return soak === null ? [] : soak.groups.map(({ name, lines }) => viewOf(soak, name, lines));
}

function viewOf({ atS, spoilt, events }: SoakChart, name: string, lines: readonly SoakLine[]): ChartView {
  const metric = lines[0]?.metric ?? "throughputPerS";
  return {
    name,
    scope: "",
    xs: atS,
    lines: lines.flatMap((line, i) => linesOf(line, spoilt, i)),
    marks: events.map((event, at) => ({
      axis: "x" as const,
      at: event.atS,
      // Of many, the first says what they are.
      words: at === 0 ? event.name : "",
      style: "dotted" as const,
    })),
    xLabel: "time since the soak began",
    formatX: (x) => formatTime(x),
    formatY: (y) => metricValue(metric, y),
    readAt: (index) => ({
      where: `${formatTime(atS[index] ?? 0)}${spoilt[index] ? ", with failures" : ""}`,
      values: lines.flatMap(({ values, trend }) =>
        [values, ...(trend === null ? [] : [trend.values])].map((of) => {
          const value = of[index] ?? null;
          return value === null ? null : metricValue(metric, value);
        }),
      ),
    }),
  };
}

function linesOf({ name, values, trend }: SoakLine, spoilt: readonly boolean[], arm: number): ChartLine[] {
  const pick = (isSpoilt: boolean): (number | null)[] =>
    values.map((value, at) => (spoilt[at] === isSpoilt ? value : null));
  return [
    { name, arm, style: "dots", values: pick(false), spots: crossesAt(pick(true)) },
    ...(trend === null
      ? []
      : [{ name: trend.words, arm, style: "line" as const, values: trend.values.map(positive) }]),
  ];
}

/** A line that falls below nothing, as a steep one of noise may, says nothing there. */
function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

/** `90 s`, `15 min`, `2.5 h`. */
function formatTime(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number((seconds / 3600).toFixed(2))} h`;
}
