/**
 * What a trial has of the time messages spent inside the proxy, and whether what was seen is enough to tell.
 */
import { LatencyHistogram } from "../base/latency-histogram.js";
import type { DirectionFigures, ResidenceFigures } from "../residence/residence-messages.js";

/** Series of a trial that are none of the generator's. */
const residenceSeries = ["residenceUp", "residenceDown"] as const;
export type ResidenceSeries = (typeof residenceSeries)[number];

/** Of one trial. */
export interface ResidenceRecord {
  /** Messages that came to the proxy within the window, and those of them that were seen to leave it. */
  readonly up: DirectionCounts;
  readonly down: DirectionCounts;
  /** WebSockets that were seen on both sides of the proxy, of those that clients opened. */
  readonly connections: { readonly opened: number; readonly passedOn: number; readonly lost: number };
  readonly packets: number;
  readonly dropped: number;
  /** Of the process that looks, over the time that passed. */
  readonly busyShare: number;
  /** Why there is no figure; null where there is one. */
  readonly problem: string | null;
}

type DirectionCounts = Omit<DirectionFigures, "histogram">;

/** More than this share of messages or connections unseen, and what was seen may be the quick ones alone. */
const unseenMost = 0.01;
/** A clock that is slewed goes off by less in the longest trial's message. */
const clockSetLeastNs = 1e6;

/** @param figures null where nobody asked, or there is no proxy */
export function residenceRecordOf(figures: ResidenceFigures | null): ResidenceRecord | null {
  if (figures === null) return null;
  const { up, down, connections, packets, dropped, busyShare } = figures;
  return {
    up: countsOf(up),
    down: countsOf(down),
    connections,
    packets,
    dropped,
    busyShare,
    problem: problemOf(figures),
  };
}

function countsOf({ came, left, strays }: DirectionFigures): DirectionCounts {
  return { came, left, strays };
}

/** None where what was seen is not the whole. */
export function residenceHistograms(
  figures: ResidenceFigures | null,
): Map<ResidenceSeries, LatencyHistogram> {
  const histograms = new Map<ResidenceSeries, LatencyHistogram>();
  if (figures === null || problemOf(figures) !== null) return histograms;
  const add = (series: ResidenceSeries, { histogram }: DirectionFigures): void => {
    if (histogram !== null) histograms.set(series, LatencyHistogram.decode(histogram));
  };
  add("residenceUp", figures.up);
  add("residenceDown", figures.down);
  return histograms;
}

/** Null where nothing stands in the way of a figure. */
function problemOf({ up, down, connections, packets, dropped, clockSetNs }: ResidenceFigures): string | null {
  const { opened, passedOn, lost } = connections;
  if (opened === 0) return "no WebSocket was seen to come to the proxy";
  const tooMany = (unseen: number, all: number): boolean => unseen > unseenMost * all;
  if (tooMany(dropped, packets)) return `${dropped} of ${packets + dropped} packets were lost in watching`;
  if (tooMany(opened - passedOn, opened))
    return `${opened - passedOn} of ${opened} WebSockets were not seen to leave the proxy for the backend with the key they came with, as over HTTP/2 or TLS there`;
  if (tooMany(lost, opened)) return `${lost} of ${2 * opened} TCP connections could not be read to their end`;
  for (const [words, { came, left, strays }] of [
    ["to the backend", up],
    ["to the clients", down],
  ] as const) {
    if (tooMany(came - left, came))
      return `${came - left} of ${came} messages ${words} were not seen to leave the proxy`;
    if (tooMany(strays, came)) return `${strays} messages ${words} left the proxy otherwise than they came`;
  }
  if (Math.abs(clockSetNs) > clockSetLeastNs)
    return "the machine's clock, which packets are stamped by, was set meanwhile";
  return null;
}
