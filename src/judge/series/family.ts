/** What is judged together at a look, and what is only read. */

import { offerFallsShort } from "../capacity/offer-shortfall.js";
import { throughputMetric } from "../trial-outcome.js";
import type { FinishedBlock } from "./finished-blocks.js";
import type { Pairing } from "./log-ratios.js";

/** What a series compares. */
export interface ComparisonSet {
  readonly baseline: string;
  readonly candidates: readonly string[];
  /** The metrics that get a verdict, for every candidate. */
  readonly metrics: readonly string[];
  /** Metrics shown with estimate and interval, and without a verdict. */
  readonly otherMetrics: readonly string[];
}

interface Family {
  readonly judged: readonly Pairing[];
  readonly onlyRead: readonly Pairing[];
  /** Pairings of `onlyRead` that would have been judged, had the offer been carried. */
  readonly setAside: readonly Pairing[];
  /** How many tests share the error: candidates × metrics, whatever came to be judged. */
  readonly size: number;
}

/**
 * All candidates × metrics. Where a pair falls short of the offer, throughput alone is judged; the family keeps
 * its size, so what was set aside never makes the others' levels easier.
 */
export function familyOf(completeBlocks: readonly FinishedBlock[], compared: ComparisonSet): Family {
  const { baseline, candidates, metrics, otherMetrics } = compared;
  const judged: Pairing[] = [];
  const onlyRead: Pairing[] = [];
  const setAside: Pairing[] = [];
  for (const candidate of candidates) {
    const pairings = (names: readonly string[]): Pairing[] =>
      names.map((metric) => ({ baseline, candidate, metric }));
    const short = offerFallsShort(completeBlocks, { baseline, candidate });
    const judgedMetrics = short ? [throughputMetric] : metrics;
    judged.push(...pairings(judgedMetrics));
    const aside = pairings(metrics.filter((metric) => !judgedMetrics.includes(metric)));
    setAside.push(...aside);
    onlyRead.push(...aside, ...pairings(otherMetrics.filter((metric) => !judgedMetrics.includes(metric))));
  }
  return { judged, onlyRead, setAside, size: candidates.length * metrics.length };
}
