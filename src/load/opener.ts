/**
 * Opens a thread's connections: at a ramp or as fast as they are accepted, never more than a bounded number of
 * handshakes at once, so that neither the listen queue nor the generator decides how long one takes.
 */
import type { Clock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";

export const concurrentHandshakes = 128;

interface OpenerSettings {
  readonly connections: number;
  /** Connections a second; null for no limit but the concurrency. */
  readonly rampPerS: number | null;
  /** Opens the first alone, so that there is a TLS session for all the others to resume. */
  readonly firstAlone: boolean;
  /** Starts one; `settled` must be called when it is open or has failed. */
  readonly open: (connection: number) => void;
  /** Every connection has settled. */
  readonly done: () => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface Opener {
  /** One handshake ended, well or not. */
  settled(): void;
}

export function startOpener(settings: OpenerSettings): Opener {
  const { connections, rampPerS, firstAlone, open, done, clock, timers } = settings;
  const startNs = clock.now();
  let started = 0;
  let settled = 0;
  let isWaiting = false;

  /** How many may have been started by now. */
  const allowed = (): number =>
    rampPerS === null ? connections : Math.floor(((clock.now() - startNs) / 1e9) * rampPerS) + 1;

  const pump = (): void => {
    isWaiting = false;
    const atOnce = firstAlone && settled === 0 ? 1 : concurrentHandshakes;
    const limit = Math.min(connections, allowed(), settled + atOnce);
    while (started < limit) open(started++);
    const waitsForRamp = started < connections && started - settled < atOnce;
    if (!waitsForRamp || rampPerS === null) return;
    isWaiting = true;
    timers.at(startNs + (started / rampPerS) * 1e9, pump);
  };

  if (connections === 0) done();
  else pump();
  return {
    settled() {
      settled++;
      if (settled === connections) done();
      else if (!isWaiting) pump();
    },
  };
}
