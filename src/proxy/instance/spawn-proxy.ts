/**
 * Spawns the proxy of a private folder as a child that can be watched and ended, whether it is a process of wsrally's or runs
 * in a container.
 */
import { closeSync, fchownSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readLogLines } from "../log/read-log-lines.js";
import { type SupervisedChild, superviseChild } from "../supervised-child.js";
import { type LaunchWords, launchWords } from "./launch-words.js";
import type { ProxyInstance } from "./proxy-instance.js";

interface SpawnSpec {
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Of the private folder: what the proxy writes to its standard output and error. */
  readonly outputFile: string;
  /** Whether it is told by lines on its standard input. */
  readonly hears?: boolean;
}

export interface ProxyChild extends SupervisedChild {
  /** The proxy's main process; 0 where it runs but cannot be seen from here, null while it does not run. */
  mainPid(): Promise<number | null>;
  readonly isContained: boolean;
  /** What a container has said last, in the engine's words where it never ran; null for a process of wsrally's own. */
  lastWords(): string | null;
}

export function spawnProxy(instance: ProxyInstance, spec: SpawnSpec): ProxyChild {
  const { prefix, launch, guard } = instance;
  const words = launchWords(instance, spec.arguments, spec.environment);
  const path = join(prefix, spec.outputFile);
  return spawnLaunched(words, { path, cwd: prefix, guard, owner: launch.user, hears: spec.hears === true });
}

interface SpawnPlace {
  /** Of the file that gets its standard output and error. */
  readonly path: string;
  readonly cwd: string;
  readonly guard: ProxyInstance["guard"];
  /** Whose that file becomes; null for wsrally's own user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly hears?: boolean;
}

export function spawnLaunched(
  { file, args, environment, hold }: LaunchWords,
  { path, cwd, guard, owner, hears = false }: SpawnPlace,
): ProxyChild {
  // Afresh: nothing that the proxy's user may have put there is followed.
  rmSync(path, { force: true });
  // A file costs our event loop nothing, and the proxy may write to it when we are busy.
  const output = openSync(path, "ax", 0o600);
  try {
    // It may be opened again by its name, as the log of connections.
    if (owner !== null) fchownSync(output, owner.uid, owner.gid);
    const held = hold?.() ?? null;
    const child = superviseChild(
      guard.spawn(file, args, {
        stdio: [hears ? "pipe" : "ignore", output, output],
        env: environment,
        cwd,
      }),
    );
    if (held === null)
      return { ...child, isContained: false, mainPid: async () => child.pid, lastWords: () => null };
    return {
      ...child,
      isContained: true,
      mainPid: held.mainPid,
      lastWords: () => readLogLines(path).findLast((line) => line.trim() !== "") ?? null,
      // The engine's program passes the signal on, and ends with the container.
      async stop() {
        await child.stop();
        await held.release();
      },
    };
  } finally {
    closeSync(output);
  }
}
