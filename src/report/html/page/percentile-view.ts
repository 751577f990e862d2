/** Latency by percentile, a view for each series. */
import { formatUs } from "../../words/format.js";
import type { ReportData } from "../report-data.js";
import { armScopes } from "./arm-scopes.js";
import type { ChartView } from "./chart-view.js";

const marks = [0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999];

export function percentileViews(data: ReportData): ChartView[] {
  const scopes = armScopes(data);
  return data.percentiles.flatMap(({ name, nines, us }) =>
    scopes.map((scope) => {
      const curves = scope.arms.map((arm) => us[arm] ?? []);
      const length = Math.max(...curves.map((curve) => curve.findLastIndex((value) => value !== null) + 1));
      return {
        name,
        scope: scope.name,
        xs: nines.slice(0, length),
        lines: scope.arms.map((arm, i) => ({
          name: data.arms[arm]?.name ?? "",
          arm: i,
          values: curves[i]?.slice(0, length) ?? [],
          style: "line" as const,
        })),
        xLabel: "percentile",
        xMarks: marks.map((percentile) => -Math.log10(1 - percentile / 100)),
        formatX: formatNines,
        formatY: formatUs,
        readAt: (index: number) => ({
          where: formatNines(nines[index] ?? 0),
          values: curves.map((curve) => formatUs(curve[index] ?? null)),
        }),
      };
    }),
  );
}

/** `99.9 %` for 3. */
function formatNines(nines: number): string {
  const percentile = 100 * (1 - 10 ** -nines);
  return `${Number(percentile.toFixed(Math.max(1, Math.ceil(nines - 1))))} %`;
}
