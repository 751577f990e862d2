/**
 * Which parts of a run have real-time priority, before whatever else wants their processors. Threads of the kernel and of
 * other programs otherwise keep a part for 1 to 5 ms at a time, and whoever waits for it. Measured on two virtual processors,
 * with little else to do:
 *
 * - proxies, 5,500 messages a second, 30 interleaved trials of 1 s each: p99 on the wire 270 µs at the usual priority, with a
 *   standard deviation of its logarithm of 0.44, and 250 µs with 0.09 at real-time priority; p50 132 and 133 µs;
 * - generator and backend as well, on the one processor that is left to them, 9,000 messages a second, 24 epochs of one config
 *   twice with and 24 without it in turns: p99 on the wire 155 and 360 µs (medians); standard deviation of the logarithm of the
 *   two arms' ratio 0.29 and 0.56 for p99, 0.09 and 0.19 for steadyP99, 0.042 and 0.036 for p50, 0.058 and 0.042 for CPU a message.
 */
import { mayUseRealTime } from "../linux/scheduling.js";
import { ownShare } from "./bearable-rate.js";
import { mayRunRealTime, type Placement, prioritizeProcess } from "./placement.js";
import { busiestWorkerShare } from "./proxy-cost.js";
import type { TrialRecord } from "./trial-record.js";

export interface RealTimeParts {
  readonly proxies: boolean;
  /** Generators, while they carry the load, and backends. */
  readonly ends: boolean;
}

const noPart: RealTimeParts = { proxies: false, ends: false };

/**
 * Of a processor. A real-time thread that leaves none to the others is throttled for 50 ms of each second (sched(7)), and
 * with it wait the kernel's own threads that serve its sockets.
 */
const busiestShare = 0.7;
/** A rate of our choosing lets them use 0.6 of theirs, and the first trial costs more than those that follow. */
const busiestEndShare = 0.9;
/** Above the generators', with whom backends may share a processor: a message is answered when it comes. Else in turns. */
const backendPriorities = [2, 1];

interface RealTimeSettings {
  readonly placement: Placement;
  readonly backendPids: readonly number[];
  /** Whether generators and backends may have it: where they are here, and nothing that they share a processor with waits for them. */
  readonly mayEnds: boolean;
}

/** At first no part has it. */
export class RealTime {
  readonly #settings: RealTimeSettings;
  #parts = noPart;

  constructor(settings: RealTimeSettings) {
    this.#settings = settings;
  }

  get parts(): RealTimeParts {
    return this.#parts;
  }

  /**
   * From now on: proxies and generators with what they start next, backends at once.
   * @returns which parts have it, which takes processors that proxies have to themselves, and the right to it
   */
  take(wanted: RealTimeParts): RealTimeParts {
    const { placement, backendPids, mayEnds } = this.#settings;
    const may = (wanted.proxies || wanted.ends) && mayRunRealTime(placement);
    const parts = { proxies: may && wanted.proxies, ends: may && mayEnds && wanted.ends };
    if (parts.ends !== this.#parts.ends) {
      const priority = parts.ends ? (backendPriorities.find(mayUseRealTime) ?? null) : null;
      for (const pid of backendPids) prioritizeProcess(pid, priority);
    }
    this.#parts = parts;
    return parts;
  }
}

/** Which parts left their processors time enough in every one of the trials. */
export function leaveTime(
  trials: readonly Pick<TrialRecord, "proxyCost" | "generator" | "backendCpuShare">[],
  placement: Placement,
): RealTimeParts {
  return {
    proxies: trials.every(leavesTime),
    ends: trials.every((trial) => ownShare(trial, placement) <= busiestEndShare),
  };
}

/** Whether the proxy of a trial left its processors time enough. */
function leavesTime({ proxyCost }: Pick<TrialRecord, "proxyCost">): boolean {
  // Without a proxy there is none to be throttled.
  if (proxyCost === null) return true;
  const busiest = busiestWorkerShare(proxyCost);
  return busiest !== null && busiest <= busiestShare;
}
