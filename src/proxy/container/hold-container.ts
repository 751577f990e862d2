/**
 * A container for as long as it is held: who its main process is on this machine, and that nothing of it is left, also
 * where wsrally is killed.
 */
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { readProc } from "../proc-files.js";
import { askEngine, type ContainerEngine } from "./container-engine.js";

export interface HeldContainer {
  /**
   * Its main process as this machine counts it; 0 where it runs, but none of its processes can be seen from here; null while
   * it does not run.
   */
  mainPid(): Promise<number | null>;
  /** Removes whatever there still is of it. */
  release(): Promise<void>;
}

/**
 * Waits for a line or for the end of who would write it, and removes the container; after such an end a little later, for
 * the engine may be about to make it.
 */
const removeScript = `
trap '' INT TERM HUP
read -r _ || sleep 1
exec "$@"
`;

let containers = 0;

/** A name that no other container has. */
export function containerName(): string {
  return `wsrally-${process.pid}-${Date.now().toString(36)}-${containers++}`;
}

/** Call it before the container is started. */
export function holdContainer(engine: ContainerEngine, name: string): HeldContainer {
  const remove = [engine.program, "rm", "--force", "--volumes", name];
  // In a session of its own: whoever ends wsrally's processes by their group leaves it.
  const watcher = spawn("/bin/sh", ["-c", removeScript, "wsrally-remove", ...remove], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => {
    watcher.once("exit", () => resolve());
    watcher.once("error", () => resolve());
  });
  watcher.unref();
  // Node's pipe to a child is a socket.
  (watcher.stdin as Socket | null)?.on("error", () => undefined).unref();
  let known: number | null = null;
  return {
    async mainPid() {
      known ??= await askPid(engine, name);
      return known;
    },
    async release() {
      watcher.ref();
      watcher.stdin?.end("\n");
      await gone;
    },
  };
}

async function askPid(engine: ContainerEngine, name: string): Promise<number | null> {
  const asked = await askEngine(engine, ["inspect", "--format", "{{.State.Pid}} {{.Id}}", name]);
  const [, pid, id] = /^(\d+) ([0-9a-f]{12,})$/m.exec(asked.stdout) ?? [];
  if (asked.exitCode !== 0 || id === undefined || Number(pid) === 0) return null;
  // A daemon of another machine, a virtual one too, counts its own: the number may be anybody's here.
  return readProc(`${pid}/cgroup`)?.includes(id) ? Number(pid) : 0;
}
