/** The tail of every slice of a run, with what stands out marked: what one number a trial cannot show. */
import { stallOf } from "../../judge/stalls.js";
import type { ArmResult } from "../../results/run-document.js";
import { seriesWords } from "../words/latency-series.js";
import { sharp } from "./sharp.js";

/** The p99 of slices. */
export interface SliceChart {
  readonly name: string;
  /** By arm, in order of time. */
  readonly slices: readonly (readonly SlicePlace[])[];
}

export interface SlicePlace {
  readonly block: number;
  /** Seconds since the run's first trial, as if the window followed the warm-up and this the trial's start. */
  readonly atS: number;
  readonly us: number;
  /** Whose pause made it stand out; null where it does not. */
  readonly stall: "proxy" | "machine" | null;
}

/** More are a cloud that nobody reads, and a page that takes seconds to open. */
const slicesMax = 6000;

/** Null where trials have no slices, or too many. */
export function sliceChart(arms: readonly ArmResult[]): SliceChart | null {
  const starts = arms.flatMap(({ trials }) => trials.map(({ startedAt }) => Date.parse(startedAt)));
  const firstMs = Math.min(...starts);
  const slices = arms.map((arm) => placesOf(arm, firstMs));
  const count = slices.reduce((sum, { length }) => sum + length, 0);
  const series = arms.flatMap(({ trials }) => trials.flatMap((trial) => trial.slices?.series ?? []))[0];
  if (series === undefined || count === 0 || count > slicesMax) return null;
  return { name: `${seriesWords(series)} p99 of slices`, slices };
}

function placesOf(
  { trials, stallsAboveUs = Number.POSITIVE_INFINITY }: ArmResult,
  firstMs: number,
): SlicePlace[] {
  return trials.flatMap(({ block, startedAt, warmupS, slices }) => {
    const fromS = (Date.parse(startedAt) - firstMs) / 1e3 + warmupS;
    return (slices?.p99Us ?? []).flatMap((p99Us, index): SlicePlace[] => {
      const us = sharp(p99Us);
      if (us === null || slices == null) return [];
      const atS = Math.round((fromS + index * slices.lengthS) * 1e3) / 1e3;
      return [{ block: block + 1, atS, us, stall: stallOf(slices, index, stallsAboveUs) }];
    });
  });
}
