/** The numbers of a comparison in words: of most a ratio, of what for most is 0 a difference. */
import type { Comparison, PairReading } from "../../results/comparison-schema.js";
import { isByDifference } from "../../scenario/metric.js";
import { absent, formatPercent, formatRatio, type RatioText } from "./format.js";
import { metricWords } from "./metric-words.js";

type Compared = Pick<
  PairReading,
  "metric" | "ratio" | "ciLow" | "ciHigh" | "difference" | "differenceLow" | "differenceHigh"
>;

/** `1.02x` and `0.99-1.05`, or `+0.5/s` and `-0.1 to +0.9`; `-` for what is not known. */
export function comparedText(one: Compared): RatioText {
  if (!isByDifference(one.metric)) return formatRatio(one.ratio, one.ciLow, one.ciHigh);
  const { difference = null, differenceLow = null, differenceHigh = null } = one;
  return {
    ratio: difference === null ? absent : `${signed(difference)}/s`,
    interval:
      differenceLow === null || differenceHigh === null
        ? absent
        : `${signed(differenceLow)} to ${signed(differenceHigh)}`,
  };
}

/** Whether there is a number at all. */
export function isMeasured({ ratio, difference = null }: Compared): boolean {
  return ratio !== null || difference !== null;
}

/** `wire p50 of new is 1.10x (1.05-1.16) of old`, or `stalls of new are +1/s (+0.5 to +1) beside old`. */
export function comparedWords(one: Pick<Comparison, "baseline" | "candidate"> & Compared): string {
  const { baseline, candidate, metric } = one;
  const text = comparedText(one);
  const found = isMeasured(one) ? `${text.ratio} (${text.interval})` : "not measured";
  const subject = `${metricWords(metric)} of ${candidate}`;
  return isByDifference(metric)
    ? `${subject} are ${found} beside ${baseline}`
    : `${subject} is ${found} of ${baseline}`;
}

/** `5 %`, or `0.5/s`. */
export function marginText({ metric, margin }: Pick<Comparison, "metric" | "margin">): string {
  return isByDifference(metric) ? `${margin}/s` : formatPercent(margin);
}

function signed(value: number): string {
  const rounded = Number(value.toFixed(2));
  return rounded > 0 ? `+${rounded}` : String(rounded);
}
