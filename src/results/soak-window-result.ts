/**
 * A soak's window in memory into the window of the run document, and what it sent unasked in the whole.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import type { SoakWindow } from "../trial/soak/soak-window.js";
import type { UnaskedRecord } from "../trial/unasked-record.js";
import type { Soak, SoakWindowResult } from "./soak-schema.js";
import { toUnaskedResult } from "./unasked-result.js";

export function toWindowResult(window: SoakWindow): SoakWindowResult {
  const { histograms, durationNs, received, proxyCpuNs } = window;
  const durationS = durationNs / 1e9;
  const relayed = messagesIn(window);
  return {
    atS: window.index * durationS,
    startedAt: new Date(window.startedAtMs).toISOString(),
    durationS,
    open: window.open,
    inFlight: window.inFlight,
    sent: window.sent,
    received,
    throughputPerS: received / durationS,
    latencyUs: latenciesOf(histograms),
    ...unaskedIn(window),
    connections: { ...window.upkeep },
    failures: window.failures.map((failure) => ({ ...failure })),
    rssBytes: window.rssBytes,
    descriptors: window.descriptors,
    cpuUsPerMessage: proxyCpuNs === null || relayed === 0 ? null : proxyCpuNs / 1e3 / relayed,
    cpuShare: proxyCpuNs === null ? null : proxyCpuNs / durationNs,
    otherShare: window.otherShare,
  };
}

/** Of a soak that is over. */
export function toSoakUnasked(record: UnaskedRecord | null): Pick<Soak, "push" | "fanout"> {
  const { push, fanout } = toUnaskedResult(record);
  if (push === undefined) return { ...(fanout === undefined ? {} : { fanout }) };
  // That is told by the windows.
  const { lagUsP99: _, ...counts } = push;
  return { push: counts, ...(fanout === undefined ? {} : { fanout }) };
}

/** A reach of one window says little: what it sends last comes in the next. */
function unaskedIn({ unasked }: SoakWindow): Pick<SoakWindowResult, "push" | "fanout"> {
  const { push, fanout } = toUnaskedResult(unasked);
  const withoutReach = <Counts extends { reach: unknown }>({ reach: _, ...counts }: Counts) => counts;
  return {
    ...(push === undefined ? {} : { push: withoutReach(push) }),
    ...(fanout === undefined ? {} : { fanout: withoutReach(fanout) }),
  };
}

/** What clients got of the proxy. */
function messagesIn({ received, unasked }: SoakWindow): number {
  return received + (unasked?.push?.delivered ?? 0) + (unasked?.fanout?.delivered ?? 0);
}

function latenciesOf(histograms: SoakWindow["histograms"]): SoakWindowResult["latencyUs"] {
  const response = histograms.get("response");
  const unasked = (["push", "fanoutFirst", "fanoutMedian", "fanoutLast"] as const).flatMap((series) => {
    const histogram = histograms.get(series);
    return histogram === undefined ? [] : [[series, latencyOf(histogram)] as const];
  });
  return {
    roundTrip: latencyOf(histograms.get("roundTrip")),
    response: response === undefined ? null : latencyOf(response),
    ...Object.fromEntries(unasked),
  };
}

function latencyOf(histogram: LatencyHistogram | undefined): SoakWindowResult["latencyUs"]["roundTrip"] {
  const us = (ns: number | null | undefined): number | null => (ns == null ? null : ns / 1e3);
  return { p50: us(histogram?.quantile(0.5)), p99: us(histogram?.quantile(0.99)), max: us(histogram?.max()) };
}
