/**
 * What happened to the machine or to wsrally's own two ends while a trial was measured, so that it is no measurement of the proxy.
 */
import type { WindowReadings } from "./window-readings.js";

/** No busy machine keeps a process from running for as long; one that stops it does. */
const standstillNs = 1e9;
/** Both clocks are slewed alike: more between them means that somebody has set the time. */
const clockSetNs = 100_000;

/** Generators on several hosts that begin further apart have not made one load. */
const mostSkewNs = 100e6;

/** @returns codes of reasons; a proxy that stands still is what is measured, and none of them */
export function windowTroubles(
  readings: Pick<WindowReadings, "standstillNs" | "clockSetNs"> & {
    readonly last: { readonly backend: { readonly standstillNs: number } | null };
  },
  startSkewNs = 0,
): string[] {
  const troubles = {
    "generator-stood-still": readings.standstillNs > standstillNs,
    "backend-stood-still": (readings.last.backend?.standstillNs ?? 0) > standstillNs,
    // The kernel stamps what it receives by that clock.
    "start-skew": startSkewNs > mostSkewNs,
    "clock-set": Math.abs(readings.clockSetNs) > clockSetNs,
  };
  return Object.entries(troubles).flatMap(([code, is]) => (is ? [code] : []));
}
