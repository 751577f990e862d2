/** What is between a reply and a connection's next message in a closed loop, where that does not follow at once. */
import type { Clock } from "../../base/clock.js";
import type { Timers } from "../../base/timers.js";
import type { ThreadJob } from "../messages.js";
import { ThinkTimes } from "./think-times.js";

export interface Pauses {
  /** The load begins. */
  begin(connection: number, nowNs: number): void;
  /** A reply has come. */
  replied(connection: number, nowNs: number): void;
}

interface PauseSettings {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Sends, if the connection is still to send. */
  readonly send: (connection: number, nowNs: number) => void;
}

/** Null where the next message follows the reply at once, on every connection. */
export function createPauses(
  {
    shape: { think },
    seed,
    connections,
    upkeep,
  }: Pick<ThreadJob, "shape" | "seed" | "connections" | "upkeep">,
  settings: PauseSettings,
): Pauses | null {
  if (think !== null) return new ThinkTimes({ ...settings, think, seed, connections });
  // One that is to be closed sends no more.
  return upkeep === null ? null : { begin: settings.send, replied: settings.send };
}
