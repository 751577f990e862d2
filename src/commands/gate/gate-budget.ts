/**
 * The time that a gate may take, from the moment the program was started: preparation, probes, calibration, trials and
 * the report.
 */

/** Kept back for ending processes, and for the report. */
const reserveMs = 2000;
/** Of a short budget at most this share is kept back. */
const reserveShareMax = 0.15;

export interface GateBudget {
  readonly seconds: number;
  usedMs(): number;
  /** Until the reserve begins. */
  leftMs(): number;
  /** Aborts when the reserve begins. */
  readonly signal: AbortSignal;
  /** A budget of the first part of what is left; its seconds are the whole's. */
  firstPart(share: number): GateBudget;
  /** Lets the process end before the time is up. */
  release(): void;
}

/** @param seconds all of it, as the user gave it */
export function startBudget(seconds: number): GateBudget {
  return budgetUntil(seconds, seconds * 1000 - Math.min(reserveMs, seconds * 1000 * reserveShareMax));
}

/** @param endMs on the clock of `performance`, which starts with the process */
function budgetUntil(seconds: number, endMs: number): GateBudget {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, endMs - performance.now()));
  const leftMs = (): number => Math.max(0, endMs - performance.now());
  return {
    seconds,
    usedMs: () => performance.now(),
    leftMs,
    signal: controller.signal,
    firstPart: (share) => budgetUntil(seconds, performance.now() + leftMs() * share),
    release: () => clearTimeout(timer),
  };
}
