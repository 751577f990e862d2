/**
 * The flags that only `capacity` has, checked.
 */
import { UsageError } from "../base/errors.js";
import { readQuantityFlag } from "../base/quantity.js";
import { asPercentile, metricNames, quantiles, stallsMetric } from "../scenario/metric.js";
import { type PlanWish, parsePlanWish } from "../scenario/plan-wish.js";
import { latencyLimitS, parseSlos, type Slo } from "../scenario/slo.js";
import { searchKinds } from "../trial/capacity/capacity-step.js";

export interface CapacityFlags {
  readonly slos: readonly Slo[];
  readonly by: (typeof searchKinds)[number];
  readonly holdS: number;
  readonly mostConnections: number;
  readonly costs: boolean;
  readonly storm: boolean;
  readonly wish: PlanWish | null;
  /** The highest quantile that the SLO asks for; null for none. */
  readonly quantile: number | null;
  /** The strictest latency that it allows; null for none. */
  readonly latencyLimitS: number | null;
}

const longestHoldS = 3600;
const connectionsMost = 1_000_000;

/** What is asked of a proxy where nobody says what. */
export const usualSlo = "p99 < 20ms, failures == 0";

/** @param own of the scenario: `--slo` takes its place. @throws UsageError for a value that cannot be */
export function readCapacityFlags(
  options: Readonly<Record<string, unknown>>,
  own: readonly Slo[],
): CapacityFlags {
  const given =
    options.slo === undefined && own.length > 0 ? own : parseSlos(String(options.slo ?? usualSlo));
  const ofStalls = given.find(({ metric }) => metric === stallsMetric);
  if (ofStalls !== undefined) {
    throw new UsageError(
      `Cannot hold a step to ${ofStalls.expression}: a stall stands out from all slices of a run at one load, which a search has not; want steadyP99`,
    );
  }
  const slos = given.map(ofResponse);
  const wish = options.plan === undefined ? null : parsePlanWish(String(options.plan));
  return {
    slos,
    by: searchKinds.find((kind) => kind === options.by) ?? "rate",
    holdS: readQuantityFlag("hold", options.hold, { kind: "time", least: 0.1, most: longestHoldS }),
    mostConnections: readQuantityFlag("most", options.most, {
      kind: "count",
      least: 1,
      most: connectionsMost,
    }),
    costs: options.costs === true || wish !== null,
    storm: options.storm === true,
    wish,
    quantile: highestQuantile(slos),
    latencyLimitS: latencyLimitS(slos),
  };
}

/**
 * In an open loop a bare `p99` is of the response, from when the message was due: the round trip leaves out what waited
 * to be sent.
 */
function ofResponse(slo: Slo): Slo {
  const isBare = /^(mean|p\d|steadyP99|max)/.test(slo.expression);
  const metric = slo.metric.replace(/^roundTrip\./, "response.") as Slo["metric"];
  return isBare ? { ...slo, metric } : slo;
}

function highestQuantile(slos: readonly Slo[]): number | null {
  const asked = slos.flatMap(({ metric }) => {
    const name = metricNames.find((known) => known === metric);
    const percentile = name === undefined ? null : asPercentile(name);
    return percentile === null ? [] : [quantiles[percentile.percentile]];
  });
  return asked.length === 0 ? null : Math.max(...asked);
}
