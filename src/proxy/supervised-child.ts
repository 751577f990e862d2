/**
 * One child process that leads a process group of its own: knows when it ended by itself, and ends the whole group.
 */
import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyExit } from "./proxy.js";

export interface SupervisedChild {
  readonly pid: number | null;
  /** Set once the child has ended, whoever ended it. */
  ended(): ProxyExit | null;
  /** Set once the child has ended without being asked to. */
  exited(): ProxyExit | null;
  /** Why the child could not be started at all, or null. */
  startError(): Error | null;
  /** Writes a line to its standard input, where that is a pipe. */
  tell(line: string): void;
  /** SIGTERM; after the grace period SIGKILL to the whole group; resolves when all of it is gone. */
  stop(): Promise<void>;
}

const graceMs = 2000;
/** What the kernel may take to clear a killed group away; nothing can be done if it takes longer. */
const clearMs = 1000;

/** @param child started by a process guard, which makes it the leader of a new group */
export function superviseChild(child: ChildProcess): SupervisedChild {
  let end: ProxyExit | null = null;
  let startError: Error | null = null;
  let stopping: Promise<void> | null = null;
  let unasked: ProxyExit | null = null;
  const over = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      end = { code, signal };
      if (stopping === null) unasked = end;
      resolve();
    });
    child.once("error", (error) => {
      startError = error;
      if (child.pid === undefined) {
        end = { code: null, signal: null };
        resolve();
      }
    });
  });

  const stop = async (): Promise<void> => {
    if (end === null) {
      child.kill("SIGTERM");
      await endOr(over, graceMs);
    }
    if (child.pid === undefined) return;
    if (end !== null && !groupAlive(child.pid)) return;
    signalGroup(child.pid, "SIGKILL");
    await over;
    for (let waited = 0; waited < clearMs && groupAlive(child.pid); waited += 5) await sleep(5);
  };

  return {
    pid: child.pid ?? null,
    ended: () => end,
    exited: () => unasked,
    startError: () => startError,
    // One that has ended hears nothing, which shows elsewhere.
    tell: (line) => void child.stdin?.write(`${line}\n`, () => undefined),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function endOr(over: Promise<void>, ms: number): Promise<void> {
  const cancel = new AbortController();
  const timeout = sleep(ms, undefined, { signal: cancel.signal }).catch(() => undefined);
  await Promise.race([over, timeout]);
  cancel.abort();
}

function groupAlive(leaderPid: number): boolean {
  return signalGroup(leaderPid, 0);
}

/** @returns whether the group still has a process */
function signalGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  // Windows has no groups: the leader stands for all of it.
  const target = process.platform === "win32" ? leaderPid : -leaderPid;
  try {
    process.kill(target, signal);
    return true;
  } catch {
    // ESRCH: nobody is left to be signalled.
    return false;
  }
}
