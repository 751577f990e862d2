/**
 * Opens a thread's connections: at a ramp or as fast as they are accepted, never more than a bounded number of
 * handshakes at once, so that neither the listen queue nor the generator decides how long one takes.
 */
import { createDeferred } from "../base/deferred.js";

const concurrentHandshakes = 128;

export interface OpenerSettings {
  readonly connections: number;
  /** Connections a second; null for no limit but the concurrency. */
  readonly rampPerS: number | null;
  /** Starts one; `settled` must be called when it is open or has failed. */
  readonly open: (connection: number) => void;
  readonly now: () => number;
}

export interface Opener {
  /** One handshake ended, well or not. */
  settled(): void;
  /** Resolves when every connection has settled. */
  readonly done: Promise<void>;
}

export function startOpener({ connections, rampPerS, open, now }: OpenerSettings): Opener {
  const { promise, resolve } = createDeferred();
  const startNs = now();
  let started = 0;
  let settled = 0;
  let timer: NodeJS.Timeout | null = null;

  /** How many may have been started by now. */
  const allowed = (): number =>
    rampPerS === null ? connections : Math.floor(((now() - startNs) / 1e9) * rampPerS) + 1;

  const pump = (): void => {
    timer = null;
    const limit = Math.min(connections, allowed(), settled + concurrentHandshakes);
    while (started < limit) open(started++);
    const waitsForRamp = started < connections && started - settled < concurrentHandshakes;
    if (waitsForRamp && rampPerS !== null) timer = setTimeout(pump, Math.max(1, 1000 / rampPerS));
  };

  if (connections === 0) resolve();
  else pump();
  return {
    settled() {
      settled++;
      if (settled === connections) resolve();
      else if (timer === null) pump();
    },
    done: promise,
  };
}
