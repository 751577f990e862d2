/**
 * Sends by schedule, whatever the replies do. Node's timers count in milliseconds, so messages that fall due between
 * two ticks are sent late, at the next one; each carries the instant it was due, and none is skipped.
 */
import type { Clock } from "../base/clock.js";
import type { Pacer } from "./pacer.js";

export interface OpenLoopSettings {
  readonly pacer: Pacer;
  readonly startNs: number;
  readonly endNs: number;
  readonly clock: Clock;
  /** Sends the next message on the next connection. */
  readonly send: (intendedNs: number) => void;
  /** Every message due before the end has been sent. */
  readonly done: () => void;
}

/** @returns stops the sending, wherever it is */
export function startOpenLoop(settings: OpenLoopSettings): () => void {
  const { pacer, startNs, endNs, clock, send, done } = settings;
  let index = 0;
  let timer: NodeJS.Timeout | null = null;

  const tick = (): void => {
    let dueNs = startNs + pacer.dueNs(index);
    while (dueNs < endNs && dueNs <= clock.now()) {
      send(dueNs);
      dueNs = startNs + pacer.dueNs(++index);
    }
    if (dueNs >= endNs) done();
    else timer = setTimeout(tick, Math.max(1, Math.floor((dueNs - clock.now()) / 1e6)));
  };

  tick();
  return () => {
    if (timer !== null) clearTimeout(timer);
  };
}
