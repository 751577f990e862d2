/** The tail of every slice in the order of time: a cross where it stood out, a ring where that was the machine's doing. */
import { formatUs } from "../../words/format.js";
import type { ReportData } from "../report-data.js";
import type { SlicePlace } from "../slice-data.js";
import { armScopes } from "./arm-scopes.js";
import type { ChartView } from "./chart-view.js";

const words = { proxy: ", a stall", machine: ", a stall of the machine's, set aside" } as const;

export function sliceViews(data: ReportData): ChartView[] {
  const { slices: chart } = data;
  if (chart === null) return [];
  return armScopes(data).map((scope) => {
    const places = scope.arms
      .flatMap((arm) => (chart.slices[arm] ?? []).map((place) => ({ ...place, arm })))
      .sort((a, b) => a.atS - b.atS);
    const spotsOf = ({ us, stall }: SlicePlace) =>
      stall === null ? [] : [{ y: us, shape: stall === "proxy" ? ("cross" as const) : ("ring" as const) }];
    return {
      name: chart.name,
      scope: scope.name,
      xs: places.map(({ atS }) => atS),
      lines: scope.arms.map((arm, i) => ({
        name: data.arms[arm]?.name ?? "",
        arm: i,
        values: places.map((place) => (place.arm === arm && place.stall === null ? place.us : null)),
        spots: places.map((place) => (place.arm === arm ? spotsOf(place) : [])),
        style: "dots" as const,
      })),
      xLabel: "time since the first trial",
      formatX: (x: number) => `${Number(x.toFixed(1))} s`,
      formatY: formatUs,
      readAt: (index: number) => {
        const place = places[index];
        return {
          where: `block ${place?.block ?? 0}`,
          values: scope.arms.map((arm) =>
            place?.arm === arm
              ? `${formatUs(place.us)}${place.stall === null ? "" : words[place.stall]}`
              : null,
          ),
        };
      },
    };
  });
}
