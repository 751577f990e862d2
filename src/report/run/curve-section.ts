/** Throughput against latency, where arms were run at several rates: the knee shows where the load gets too much. */
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { renderPlotStack } from "../draw/point-section.js";
import { formatPerS } from "../words/format.js";
import { seriesWords } from "../words/latency-series.js";
import { heading } from "../words/words.js";
import { type CurvePoint, type LoadCurve, loadCurves } from "./load-curve.js";

/** Nothing where no arm was run at two rates. */
export function renderLoadCurves(document: RunDocument, page: Page): string[] {
  const { series, curves } = loadCurves(document);
  const throughputs = curves.flatMap(({ points }) => points.map(({ throughputPerS }) => throughputPerS));
  const greatest = Math.max(0, ...throughputs);
  if (!(greatest > 0)) return [];
  const rows = renderPlotStack(
    {
      plots: [
        { title: "p50", series: curves.map((curve) => seriesOf(curve, ({ p50Us }) => p50Us)) },
        { title: "p99", series: curves.map((curve) => seriesOf(curve, ({ p99Us }) => p99Us)) },
      ],
      xRange: [0, greatest],
      foot: ["0", "messages a second that came back", `${formatPerS(greatest)}/s`],
    },
    page,
  );
  const title = `Throughput against latency (${seriesWords(series)}), one mark a rate`;
  return rows.length === 0 ? [] : [...heading(title, page), ...rows];
}

function seriesOf({ name, points }: LoadCurve, latencyOf: (point: CurvePoint) => number | null) {
  return {
    name,
    points: points.flatMap((point) => {
      const y = latencyOf(point);
      return y === null ? [] : [{ x: point.throughputPerS, y, isSpoilt: point.isTainted }];
    }),
  };
}
