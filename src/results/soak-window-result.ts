/**
 * A soak's window in memory into the window of the run document.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import type { SoakWindow } from "../trial/soak/soak-window.js";
import type { SoakWindowResult } from "./soak-schema.js";

export function toWindowResult(window: SoakWindow): SoakWindowResult {
  const { histograms, durationNs, received, proxyCpuNs } = window;
  const durationS = durationNs / 1e9;
  const response = histograms.get("response");
  return {
    atS: window.index * durationS,
    startedAt: new Date(window.startedAtMs).toISOString(),
    durationS,
    open: window.open,
    inFlight: window.inFlight,
    sent: window.sent,
    received,
    throughputPerS: received / durationS,
    latencyUs: {
      roundTrip: latencyOf(histograms.get("roundTrip")),
      response: response === undefined ? null : latencyOf(response),
    },
    connections: { ...window.upkeep },
    failures: window.failures.map((failure) => ({ ...failure })),
    rssBytes: window.rssBytes,
    descriptors: window.descriptors,
    cpuUsPerMessage: proxyCpuNs === null || received === 0 ? null : proxyCpuNs / 1e3 / received,
    cpuShare: proxyCpuNs === null ? null : proxyCpuNs / durationNs,
    otherShare: window.otherShare,
  };
}

function latencyOf(histogram: LatencyHistogram | undefined): SoakWindowResult["latencyUs"]["roundTrip"] {
  const us = (ns: number | null | undefined): number | null => (ns == null ? null : ns / 1e3);
  return { p50: us(histogram?.quantile(0.5)), p99: us(histogram?.quantile(0.99)), max: us(histogram?.max()) };
}
