/** What a thread has recorded, as it tells it. */
import type { LatencyRecorder } from "../base/latency-recorder.js";
import { slicedSeries } from "../scenario/metric.js";
import { type RecordedSeries, type WholeSeries, wholeSeries } from "./messages.js";
import type { Slices } from "./slices.js";

/** Series in which nothing was recorded are left out. */
export function encodeSeries(
  slices: Slices,
  recorders: Readonly<Partial<Record<WholeSeries, LatencyRecorder>>>,
): Partial<Record<RecordedSeries, string>> {
  const encoded: Partial<Record<RecordedSeries, string>> = {};
  const add = (series: RecordedSeries, recorder: LatencyRecorder | undefined): void => {
    const histogram = recorder?.toHistogram();
    if (histogram !== undefined && histogram.count > 0) encoded[series] = histogram.encode();
  };
  for (const series of slicedSeries) add(series, slices.whole(series));
  for (const series of wholeSeries) add(series, recorders[series]);
  return encoded;
}
