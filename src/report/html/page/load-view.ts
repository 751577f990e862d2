/** Latency against throughput: a curve for each config that ran under several loads. */

import type { CurvePoint } from "../../run/load-curve.js";
import { formatPerS, formatUs } from "../../words/format.js";
import { seriesWords } from "../../words/latency-series.js";
import type { ReportData } from "../report-data.js";
import type { ChartView } from "./chart-view.js";
import { crossesAt } from "./crosses-at.js";

const percentiles = [
  { name: "p50", key: "p50Us" },
  { name: "p99", key: "p99Us" },
] as const;
type PercentileKey = (typeof percentiles)[number]["key"];

export function loadViews({ loads }: ReportData): ChartView[] {
  return percentiles
    .filter(({ key }) => loads.curves.some(({ points }) => points.some((point) => point[key] !== null)))
    .map(({ name, key }) => loadView(loads, `${seriesWords(loads.series)} ${name}`, key));
}

function loadView({ curves }: ReportData["loads"], name: string, key: PercentileKey): ChartView {
  const places = curves
    .flatMap(({ points }, curve) => points.map((point) => ({ curve, point })))
    .sort((a, b) => a.point.throughputPerS - b.point.throughputPerS);
  const says = (point: CurvePoint): string => `${formatUs(point[key])} (${point.arm})`;
  const pick = (curve: number, tainted: boolean): (number | null)[] =>
    places.map((place) =>
      place.curve === curve && place.point.isTainted === tainted ? place.point[key] : null,
    );
  return {
    name,
    scope: "",
    xs: places.map(({ point }) => point.throughputPerS),
    lines: curves.map((curve, i) => ({
      name: curve.name,
      arm: i,
      values: pick(i, false),
      spots: crossesAt(pick(i, true)),
      style: "points" as const,
    })),
    xLabel: "throughput, messages a second",
    formatX: (x) => formatPerS(x),
    formatY: formatUs,
    readAt: (index) => {
      const place = places[index];
      return {
        where: `${formatPerS(place?.point.throughputPerS)}/s`,
        values: curves.map((_, i) => (place?.curve === i ? says(place.point) : null)),
      };
    },
  };
}
