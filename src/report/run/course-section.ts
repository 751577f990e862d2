/** Latency over the run's time, one mark a trial: what drifts or comes in bursts shows here. */
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { renderPlotStack } from "../draw/point-section.js";
import { formatNumberOf, formatSecondsLeft } from "../words/format.js";
import { heading } from "../words/words.js";
import { type CoursePoint, type TimeCourse, timeCourse } from "./time-course.js";

/** Nothing for fewer than two blocks: there is no course to show. */
export function renderCourse(document: RunDocument, page: Page): string[] {
  const course = timeCourse(document);
  if (course.blocks < 2 || !(course.spanS > 0)) return [];
  const rows = renderPlotStack(
    {
      plots: [
        { title: "p50", series: seriesOf(course, ({ p50Us }) => p50Us) },
        { title: "p99", series: seriesOf(course, ({ p99Us }) => p99Us) },
      ],
      xRange: [0, course.spanS],
      foot: ["0 s", formatNumberOf(course.blocks, "block"), formatSecondsLeft(course.spanS)],
    },
    page,
  );
  return rows.length === 0 ? [] : [...heading("Round trip over the run, one mark a trial", page), ...rows];
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
