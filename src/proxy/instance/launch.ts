/**
 * How a proxy is started: with nothing of wsrally's environment but what programs need, not as root where that can be
 * avoided, and within limits where its config is a stranger's.
 */
import { chmod, chown, copyFile, link, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { EnvironmentError } from "../../base/errors.js";
import { makeFolder } from "../../base/make-folder.js";
import { findOnPath } from "../../base/owned-process.js";
import type { ContainedProgram } from "../container/container-engine.js";
import { readProc } from "../proc-files.js";
import { runProgram } from "../run-program.js";

export interface ProxyLaunch {
  /** The program itself: a copy of it where the proxy's user could not reach it. */
  readonly program: string;
  /**
   * Program and arguments that start the proxy with these arguments.
   * @param program another one, started in the same way
   */
  command(args: readonly string[], program?: string): readonly [file: string, args: readonly string[]];
  /** Another program, as the proxy's user can reach it: where it could not, a copy in this folder, which is made. */
  reachable(program: string, folder: string): Promise<string>;
  /** Who it runs as where that is not wsrally's own user. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Where the program is an image's; null for one of this machine. */
  readonly container: ContainedProgram | null;
}

interface LaunchSettings {
  readonly program: string;
  /** As `ProxyProgram` has it. */
  readonly container?: ContainedProgram | undefined;
  /** What makes the program say its version and end. */
  readonly versionArguments: readonly string[];
  /** The private folder; it is handed to the user that the proxy runs as. */
  readonly prefix: string;
  /** Whether the config is a stranger's. */
  readonly isConfined: boolean;
  /** Refuses where root cannot be left, in place of running as root: a program that changes the machine when it may. */
  readonly neverRoot?: { readonly title: string; readonly why: string };
  /** What root is exchanged for; another one in tests alone. */
  readonly unprivilegedId?: number;
}

/** `nobody`, by number: a container need not have the name. */
const nobody = 65_534;

/** No honest config comes near; a hostile one must not take the machine's memory or disk with it. */
const memoryBytes = 4 * 1024 ** 3;
const fileBytes = 1024 ** 3;

/** The environment that a proxy starts in: no secret of a CI job is in it. */
export function proxyEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(from).filter(([name]) => passed.test(name)));
}

/** What finds programs and libraries, tells language and time zone, or tunes memory, TLS and Go for the whole machine. */
const passed =
  /^(PATH|LANG|LC_\w+|TZ|LD_LIBRARY_PATH|LD_PRELOAD|DYLD_\w+|MALLOC_\w+|GLIBC_TUNABLES|GODEBUG|OPENSSL_CONF|[AU]BSAN_OPTIONS|ASAN_OPTIONS)$/;

/** @throws EnvironmentError for a program that is never to be root's where it could be nobody else's */
export async function planLaunch({
  program,
  container,
  versionArguments,
  prefix,
  isConfined,
  neverRoot,
  unprivilegedId = nobody,
}: LaunchSettings): Promise<ProxyLaunch> {
  if (container !== undefined) return planContainer(container, prefix);
  const limits = isConfined ? limitWords() : [];
  const isRoot = process.getuid?.() === 0;
  const readable = isRoot && (isConfined || neverRoot !== undefined || mayLookIntoOthers());
  const dropped = readable
    ? await asUnprivileged({ program, versionArguments, prefix, id: unprivilegedId })
    : null;
  if (isRoot && dropped === null && neverRoot !== undefined) {
    throw new EnvironmentError(
      `Cannot run ${neverRoot.title} as root: ${neverRoot.why}; run wsrally as another user, or where root may ` +
        "become one: with setpriv (util-linux), and a TMPDIR that others may enter",
    );
  }
  const before = [...limits, ...(dropped?.words ?? [])];
  const own = dropped?.program ?? program;
  return {
    program: own,
    command(args, started = own) {
      const [file, ...words] = [...before, started];
      return [file as string, [...words, ...args]];
    },
    reachable: async (other, folder) => (dropped === null ? other : dropped.reachable(other, folder)),
    user: dropped === null ? null : { uid: unprivilegedId, gid: unprivilegedId },
    container: null,
  };
}

/** In there it is nobody in root's place, else wsrally's own user, whose the private folder is. */
async function planContainer(container: ContainedProgram, prefix: string): Promise<ProxyLaunch> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(prefix, nobody, nobody);
  return {
    program: container.entrypoint,
    command: (args, started = container.entrypoint) => [started, args],
    reachable: async (other) => other,
    user: isRoot ? { uid: nobody, gid: nobody } : null,
    container,
  };
}

function limitWords(): string[] {
  const prlimit = process.platform === "linux" ? findOnPath("prlimit") : null;
  return prlimit === null ? [] : [prlimit, `--as=${memoryBytes}`, `--fsize=${fileBytes}`, "--core=0", "--"];
}

/** CAP_SYS_PTRACE (capabilities(7)): without it root cannot read what another user's process occupies. */
function mayLookIntoOthers(): boolean {
  const effective = readProc("self/status")?.match(/^CapEff:\s*([0-9a-f]+)$/m)?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & (1n << 19n)) !== 0n;
}

interface Unprivileged {
  readonly program: string;
  readonly words: readonly string[];
  reachable(program: string, folder: string): Promise<string>;
}

interface Descent {
  readonly program: string;
  readonly versionArguments: readonly string[];
  readonly prefix: string;
  readonly id: number;
}

/** Null where this root may not become somebody else, or the folder or the program is closed to that somebody. */
async function asUnprivileged({
  program,
  versionArguments,
  prefix,
  id,
}: Descent): Promise<Unprivileged | null> {
  const setpriv = process.platform === "linux" ? findOnPath("setpriv") : null;
  if (setpriv === null) return null;
  try {
    await chown(prefix, id, process.getgid?.() ?? 0);
    await chmod(prefix, 0o770);
  } catch {
    // A root without its capabilities, as in a locked-down container.
    return null;
  }
  // The signal at wsrally's end is set again: a change of user takes the first one away (prctl(2)).
  const become = [`--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--no-new-privs"];
  const words = [setpriv, ...become, "--pdeathsig", "TERM", "--"];
  const works = async (file: string): Promise<boolean> => {
    const script = 'test -w "$1" && shift && exec "$@"';
    const test = ["/bin/sh", "-c", script, "wsrally-try", prefix, file, ...versionArguments];
    const result = await runProgram(setpriv, [...become, "--", ...test], {
      timeoutMs: 10_000,
      cwd: "/",
      env: proxyEnvironment(),
    });
    return result.exitCode === 0;
  };
  // A program below root's home is out of others' reach; one beside the config is not.
  const reachable = async (file: string, folder: string): Promise<string> =>
    (await works(file)) ? file : bringProgram(file, folder);
  const own = await reachable(program, prefix);
  return own === program || (await works(own)) ? { program: own, words, reachable } : null;
}

/** With the libraries that it may look for in a folder `lib` beside itself, as Python's wheels have them. */
async function bringProgram(program: string, prefix: string): Promise<string> {
  makeFolder(prefix, { what: "the folder of a program" });
  const copy = join(prefix, basename(program));
  await linkOrCopy(program, copy);
  const folder = join(dirname(program), "lib");
  const libraries = (await readdir(folder).catch(() => [])).filter((name) => /\.so(\.\d+)*$/.test(name));
  if (libraries.length > 0) makeFolder(join(prefix, "lib"), { what: "the folder of its libraries" });
  for (const name of libraries) await linkOrCopy(join(folder, name), join(prefix, "lib", name));
  return copy;
}

/** A second name costs nothing, where both lie on one file system: a program may have 100 MB. It stays its owner's. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch {
    // Another file system, or one without such names.
    await copyFile(from, to);
    await chmod(to, 0o755);
  }
}
