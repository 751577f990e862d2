/**
 * What wsrally's backend sends without being asked for it: messages by a schedule of its own (push), and one message of a
 * client to all connections of a room (fan-out).
 */

import { UsageError } from "../base/errors.js";
import { unaskedBytesMin } from "../base/unasked-message.js";

interface Push {
  /** For the whole arm; the backend goes round the open connections. */
  readonly ratePerS: number;
  readonly bytes: number;
}

interface Fanout {
  /** Connections of a room; what is left over makes a smaller last one. */
  readonly room: number;
  /** Messages sent to rooms, for the whole arm. */
  readonly ratePerS: number;
  readonly bytes: number;
}

export interface Unasked {
  readonly push: Push | null;
  readonly fanout: Fanout | null;
}

interface UnaskedInput {
  readonly rate: number;
  readonly size?: number | undefined;
}

/** As given, with the shortest where no size is; null for nothing. */
export function unaskedOf(given: {
  readonly push?: UnaskedInput | undefined;
  readonly fanout?: (UnaskedInput & { readonly room: number }) | undefined;
}): Unasked {
  const of = ({ rate, size = unaskedBytesMin }: UnaskedInput): Push => ({ ratePerS: rate, bytes: size });
  const { push, fanout } = given;
  return {
    push: push === undefined ? null : of(push),
    fanout: fanout === undefined ? null : { room: fanout.room, ...of(fanout) },
  };
}

/** Messages a second that an arm's connections ask of the backend where `push` or `fanout` is what is asked about. */
export const quietPerS = 100;

/** What is told of `push` and of `fanout`, each with what its workload must hold. */
const neededKeys: Readonly<Record<string, keyof Unasked>> = {
  push: "push",
  fanout: "fanout",
  fanoutFirst: "fanout",
  fanoutMedian: "fanout",
  fanoutLast: "fanout",
  cpuUsPerFanout: "fanout",
};

/** Of a metric, or of what an SLO is about: the workload's key without which there is nothing to tell; null for none. */
export function unaskedKeyOf(metric: string): keyof Unasked | null {
  return neededKeys[metric.replace(/^proxyCost\./, "").split(".")[0] ?? ""] ?? null;
}

/**
 * @param what is to be done with the metric, for the error
 * @throws UsageError where an arm's workload holds nothing that the metric could be of
 */
export function requireUnasked(
  what: string,
  metric: string,
  arms: readonly { readonly workload: Unasked }[],
): void {
  const key = unaskedKeyOf(metric);
  if (key === null || arms.every(({ workload }) => workload[key] !== null)) return;
  throw new UsageError(`Cannot ${what}: want --${key}, or the workload's key ${key}`);
}

/** Values a second of a series; null for one that is not of `push` or `fanout`. */
export function unaskedPerS(series: string, unasked: Unasked): number | null {
  const key = unaskedKeyOf(series);
  return key === null ? null : (unasked[key]?.ratePerS ?? null);
}

export function hasUnasked({ push, fanout }: Unasked): boolean {
  return push !== null || fanout !== null;
}
