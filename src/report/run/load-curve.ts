/** Latency against the throughput that was reached, for arms that were run at several rates: figures alone. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { medianOf } from "../words/median.js";
import { countedTrials } from "./run-facts.js";

export interface CurvePoint {
  readonly arm: string;
  readonly ratePerS: number;
  /** Medians over the trials; latencies are microseconds of `series`. */
  readonly throughputPerS: number;
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  /** All its trials were disqualified. */
  readonly isTainted: boolean;
}

export interface LoadCurve {
  /** What its arms have in common: the same proxy, config and load but for the rate. */
  readonly name: string;
  /** By rising rate. */
  readonly points: readonly CurvePoint[];
}

/** `response`, which counts the wait for a send that came late, where every arm has it; else `roundTrip`. */
export type CurveSeries = "response" | "roundTrip";

/** Curves of at least two rates. */
export function loadCurves(document: RunDocument): { series: CurveSeries; curves: LoadCurve[] } {
  const measured = document.arms.filter(({ trials, ratePerS }) => trials.length > 0 && ratePerS !== null);
  const hasResponse = measured.every(({ trials }) =>
    trials.some(({ latencyUs }) => (latencyUs.response?.count ?? 0) > 0),
  );
  const series = hasResponse ? "response" : "roundTrip";
  const families = new Map<string, ArmResult[]>();
  for (const arm of measured) {
    const key = familyOf(arm, document);
    families.set(key, [...(families.get(key) ?? []), arm]);
  }
  const curves = [...families.values()]
    .map((arms) => ({
      name: commonName(arms),
      points: arms.flatMap((arm) => pointOf(arm, series)).sort((a, b) => a.ratePerS - b.ratePerS),
    }))
    .filter(({ points }) => new Set(points.map(({ ratePerS }) => ratePerS)).size > 1);
  return { series, curves };
}

/** All that makes an arm what it is but the rate. */
function familyOf({ name, proxy }: ArmResult, { scenario }: RunDocument): string {
  const planned = scenario.arms.find((arm) => arm.name === name);
  const { loop: _rate, ...workload } = planned?.workload ?? {};
  return JSON.stringify([proxy.kind, proxy.configSha256, planned?.arm, planned?.set, workload]);
}

function pointOf(arm: ArmResult, series: CurveSeries): CurvePoint[] {
  const { trials, isTainted } = countedTrials(arm);
  const throughputPerS = medianOf(trials.map((trial) => trial.throughputPerS)).median;
  if (throughputPerS === null || arm.ratePerS === null) return [];
  const p50Us = medianOf(trials.map(({ latencyUs }) => latencyUs[series]?.p50)).median;
  const p99Us = medianOf(trials.map(({ latencyUs }) => latencyUs[series]?.p99)).median;
  return [{ arm: arm.name, ratePerS: arm.ratePerS, throughputPerS, p50Us, p99Us, isTainted }];
}

/** The arms' names up to where they differ, without the word for the rate: `nginx` of `nginx.rate-1000`. */
function commonName(arms: readonly ArmResult[]): string {
  const [first = "", ...others] = arms.map(({ name }) => name);
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length--;
  }
  const common = first.slice(0, length).replace(/[._-]*(?:rate)?[._-]*$/u, "");
  return common === "" ? first : common;
}
