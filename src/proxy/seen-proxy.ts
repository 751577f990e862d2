/**
 * A proxy as a trial sees it, be it this machine's or another host's: what one answers at once is asked of the other.
 */
import type { KilledProcesses, ProxyProcesses } from "./kill-processes.js";
import type { PreparedProxy, ReplaceableStart, RunningProxy } from "./proxy.js";

/** At once, or when it has been asked where it is. */
type Soon<Value> = Value | Promise<Value>;

type Told = Pick<
  RunningProxy,
  | "usage"
  | "residentBytes"
  | "descriptors"
  | "exactBytes"
  | "footprint"
  | "knownFootprint"
  | "exited"
  | "diary"
>;

export type SeenProxy = Omit<RunningProxy, keyof Told | "log"> & {
  readonly [Question in keyof Told]: () => Soon<ReturnType<Told[Question]>>;
} & Partial<SeenElsewhere>;

/** What only a proxy on another host has: there a process's number says nothing here. */
interface SeenElsewhere {
  /** Told apart by their numbers there. */
  processes(): Promise<ProxyProcesses>;
  /** Resolves when it is done. */
  kill(which: KilledProcesses): Promise<void>;
}

interface SeenStarts {
  start(signal: AbortSignal): Promise<SeenProxy>;
  readonly startAt?: (signal: AbortSignal, port: number) => Promise<SeenProxy>;
  readonly replaceable?: Omit<ReplaceableStart, "start"> & {
    start(signal: AbortSignal): Promise<SeenProxy>;
  };
}

/** Of an arm: found good, wherever it is to run. */
export type ArmProxy = Omit<PreparedProxy, keyof SeenStarts> &
  SeenStarts & {
    /** The agent on whose host it runs; left out for this machine. */
    readonly agent?: string;
  };

/** What a proxy of this machine answers; null for one elsewhere, which would have to be asked. */
export function atOnce<Value>(answer: Soon<Value>): Value | null {
  return answer instanceof Promise ? null : answer;
}

/** Wherever they are; null for the memory of a proxy that tells of none. */
export function processesOf(proxy: SeenProxy): Soon<ProxyProcesses> {
  if (proxy.processes !== undefined) return proxy.processes();
  return { mainPid: proxy.mainPid, pids: proxy.pids(), rssBytes: atOnce(proxy.residentBytes()) };
}
