/** Every trial in the order of time, a view for each metric. */
import { formatPerS, formatUs } from "../../words/format.js";
import type { ReportData, TimeChart } from "../report-data.js";
import { type ArmScope, armScopes } from "./arm-scopes.js";
import type { ChartView } from "./chart-view.js";
import { crossesAt } from "./crosses-at.js";

interface Place {
  readonly arm: number;
  readonly trial: number;
  readonly block: number;
  readonly x: number;
  readonly endS: number;
  readonly out: boolean;
}

export function timeViews(data: ReportData): ChartView[] {
  return armScopes(data).flatMap((scope) => {
    const places = scope.arms
      .flatMap((arm) =>
        (data.trials[arm] ?? []).map(
          ({ block, startS, endS, out }, trial): Place => ({ arm, trial, block, x: startS, endS, out }),
        ),
      )
      .sort((a, b) => a.x - b.x);
    return data.times.map((chart) => timeView(chart, places, { data, scope }));
  });
}

interface TimeContext {
  readonly data: ReportData;
  readonly scope: ArmScope;
}

function timeView(
  { name, unit, values }: TimeChart,
  places: readonly Place[],
  { data, scope }: TimeContext,
): ChartView {
  const format = unit === "us" ? formatUs : (perS: number | null) => `${formatPerS(perS)}/s`;
  const valueAt = ({ arm, trial }: Place): number | null => values[arm]?.[trial] ?? null;
  const pick = (arm: number, out: boolean): (number | null)[] =>
    places.map((place) => (place.arm === arm && place.out === out ? valueAt(place) : null));
  return {
    name,
    scope: scope.name,
    xs: places.map(({ x }) => x),
    lines: scope.arms.map((arm, i) => ({
      name: data.arms[arm]?.name ?? "",
      arm: i,
      values: pick(arm, false),
      spots: crossesAt(pick(arm, true)),
      style: "points" as const,
    })),
    xLabel: "time since the first trial",
    formatX: (x) => `${Number(x.toFixed(1))} s`,
    formatY: format,
    bands: everySecondBlock(places),
    readAt: (index) => {
      const block = places[index]?.block ?? 0;
      return {
        where: `block ${block}`,
        values: scope.arms.map((arm) => {
          const place = places.find((one) => one.block === block && one.arm === arm);
          if (place === undefined) return null;
          return `${format(valueAt(place))}${place.out ? ", disqualified" : ""}`;
        }),
      };
    },
  };
}

function everySecondBlock(places: readonly Place[]): (readonly [number, number])[] {
  const spans = new Map<number, [number, number]>();
  for (const { block, x, endS } of places) {
    const [from, to] = spans.get(block) ?? [x, endS];
    spans.set(block, [Math.min(from, x), Math.max(to, endS)]);
  }
  return [...spans].filter(([block]) => block % 2 === 1).map(([, span]) => span);
}
