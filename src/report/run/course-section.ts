/** Latency over the run's time, one mark a trial: what drifts or comes in bursts shows here, and stalls by themselves. */
import type { RunDocument } from "../../results/run-document.js";
import { plotColumns } from "../draw/chart-panel.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { labelWidth, renderPlotStack } from "../draw/point-section.js";
import { formatNumberOf, formatSecondsLeft } from "../words/format.js";
import { seriesWords } from "../words/latency-series.js";
import { dimText, heading } from "../words/words.js";
import { type CoursePoint, type CourseSeries, type TimeCourse, timeCourse } from "./time-course.js";

/** Nothing for fewer than two blocks: there is no course to show. */
export function renderCourse(document: RunDocument, page: Page): string[] {
  const course = timeCourse(document);
  if (course.blocks < 2 || !(course.spanS > 0)) return [];
  const rows = renderPlotStack(
    {
      plots: [
        { title: "p50", series: seriesOf(course, ({ p50Us }) => p50Us) },
        {
          title: course.tail === "p99" ? "p99" : "steady p99",
          series: seriesOf(course, ({ tailUs }) => tailUs),
        },
      ],
      xRange: [0, course.spanS],
      foot: ["0 s", formatNumberOf(course.blocks, "block"), formatSecondsLeft(course.spanS)],
    },
    page,
  );
  if (rows.length === 0) return [];
  const series = seriesWords(course.latency);
  const title = `${series.charAt(0).toUpperCase()}${series.slice(1)} over the run, one mark a trial`;
  return [...heading(title, page), ...rows, ...renderStalls(course, page)];
}

function seriesOf({ series }: TimeCourse, latencyOf: (point: CoursePoint) => number | null) {
  return series.map(({ arm, points }) => ({
    name: arm,
    points: points.flatMap((point) => {
      const y = latencyOf(point);
      return y === null ? [] : [{ x: point.atS, y, isSpoilt: point.disqualified }];
    }),
  }));
}

/** A line an arm under the plots, on their axis; none without stalls. */
function renderStalls({ series, spanS }: TimeCourse, page: Page): string[] {
  const stalled = series.filter(({ points }) => points.some((one) => one.stalls + one.stallsSetAside > 0));
  const columns = plotColumns(page, labelWidth);
  const rows = stalled.map((one) => {
    const label = "stalls".padStart(labelWidth);
    const strip = `${label} ${stripOf(one, columns, spanS)}`;
    return `  ${strip.trimEnd()}  ${escapeControls(one.arm)}`;
  });
  if (rows.length === 0) return [];
  const counted = stalled.flatMap(({ points }) => points);
  const own = counted.reduce((sum, { stalls }) => sum + stalls, 0);
  const aside = counted.reduce((sum, { stallsSetAside }) => sum + stallsSetAside, 0);
  return [
    ...rows,
    ...dimText(
      `digits: slices of a trial whose p99 stood out, ${own} in all; ·: the machine's or the generator's, ${aside} set aside`,
      page,
    ),
  ];
}

function stripOf({ points }: CourseSeries, columns: number, spanS: number): string {
  const spots = Array.from({ length: columns }, () => " ");
  for (const { atS, stalls, stallsSetAside } of points) {
    const at = Math.round((atS / spanS) * (columns - 1));
    if (stalls > 0) spots[at] = String(Math.min(9, stalls));
    else if (stallsSetAside > 0 && spots[at] === " ") spots[at] = "·";
  }
  return spots.join("");
}
