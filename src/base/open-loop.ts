/**
 * Sends by schedule, whatever the replies do. What falls due between two turns of the loop is sent late, at the next
 * one; each message carries the instant it was due, and none is skipped.
 */
import type { Clock } from "./clock.js";
import type { Pacer } from "./pacer.js";
import type { Timers } from "./timers.js";

interface OpenLoopSettings {
  readonly pacer: Pacer;
  readonly startNs: number;
  readonly endNs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Sends the next message on the next connection. */
  readonly send: (intendedNs: number) => void;
  /** Every message due before the end has been sent. */
  readonly done: () => void;
}

/** Of a backlog, so many are sent before replies are looked at again. */
const sendsAtOnce = 64;

/** @returns stops the sending, wherever it is */
export function startOpenLoop(settings: OpenLoopSettings): () => void {
  const { pacer, startNs, endNs, clock, timers, send, done } = settings;
  let dueNs = startNs + pacer.nextNs();
  let cancel = (): void => undefined;

  const tick = (): void => {
    for (let sent = 0; sent < sendsAtOnce && dueNs < endNs && dueNs <= clock.now(); sent++) {
      send(dueNs);
      dueNs = startNs + pacer.nextNs();
    }
    if (dueNs >= endNs) done();
    else cancel = timers.at(dueNs, tick);
  };

  tick();
  return () => cancel();
}
