/**
 * Child processes that end with wsrally whatever happens to it, SIGKILL included, by two means that cover each
 * other: on Linux the kernel signals the child when its parent dies (`setpriv --pdeathsig`, prctl(2)
 * PR_SET_PDEATHSIG); everywhere but on Windows a small shell waits on a pipe that only wsrally holds open, and when
 * the pipe closes ends what is left and removes the temporary folder.
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Waits for the pipe's end while keeping the list of process ids; then ends those and removes the folder. */
const watchScript = `
trap '' INT TERM HUP
pids=" "
while read -r verb pid; do
  case "$verb" in
    add) pids="$pids$pid " ;;
    drop) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -TERM "$pid" 2>/dev/null; done
[ "$pids" = " " ] || sleep 1
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
rm -rf -- "$1"
`;

export interface ProcessGuard {
  /**
   * Starts a child that ends with this process. It gets a session of its own, so that an interrupt typed at the
   * terminal reaches wsrally alone, which then stops its children in order.
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Ends the watching shell, and first every child that nobody has stopped: there is no time left to ask them. */
  release(): void;
}

/** @param folder removed if wsrally dies before it can do so itself */
export function createProcessGuard(folder: string): ProcessGuard {
  const setpriv = process.platform === "linux" ? findOnPath("setpriv") : null;
  const watcher =
    process.platform === "win32"
      ? null
      : spawn("/bin/sh", ["-c", watchScript, "wsrally-watch", folder], {
          stdio: ["pipe", "ignore", "ignore"],
          detached: true,
        });
  const tell = (line: string): void => {
    if (watcher?.stdin?.writable) watcher.stdin.write(`${line}\n`);
  };
  // A watcher that cannot start leaves the kernel's signal, which is enough on Linux.
  watcher?.on("error", () => watcher.stdin?.destroy());
  watcher?.stdin?.on("error", () => watcher.stdin?.destroy());
  watcher?.unref();
  const living = new Set<number>();

  return {
    spawn(command, args, options) {
      const [file, fullArgs] = setpriv
        ? [setpriv, ["--pdeathsig", "TERM", "--", command, ...args]]
        : [command, [...args]];
      const child = spawn(file, fullArgs, { ...options, detached: process.platform !== "win32" });
      const { pid } = child;
      if (pid !== undefined) {
        tell(`add ${pid}`);
        living.add(pid);
        child.once("exit", () => {
          tell(`drop ${pid}`);
          living.delete(pid);
        });
      }
      return child;
    },
    release() {
      for (const pid of living) killGroup(pid);
      watcher?.kill("SIGKILL");
    },
  };
}

/** A child leads a group of its own wherever there are groups. */
function killGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

/** The full path of a program on PATH, or null. */
export function findOnPath(program: string, extraFolders: readonly string[] = []): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...extraFolders];
  for (const folder of folders) {
    if (folder === "") continue;
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder: the next one may have it.
    }
  }
  return null;
}
