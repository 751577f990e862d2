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

/**
 * @param seconds all of it, as the user gave it
 * @param startedMs when the program was started, on the clock of `performance`
 */
export function startBudget(seconds: number, startedMs: number): GateBudget {
  const wholeMs = seconds * 1000;
  return budgetUntil(
    seconds,
    startedMs,
    startedMs + wholeMs - Math.min(reserveMs, wholeMs * reserveShareMax),
  );
}

function budgetUntil(seconds: number, startedMs: number, endMs: number): GateBudget {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, endMs - performance.now()));
  const leftMs = (): number => Math.max(0, endMs - performance.now());
  return {
    seconds,
    usedMs: () => performance.now() - startedMs,
    leftMs,
    signal: controller.signal,
    firstPart: (share) => budgetUntil(seconds, startedMs, performance.now() + leftMs() * share),
    release: () => clearTimeout(timer),
  };
}
