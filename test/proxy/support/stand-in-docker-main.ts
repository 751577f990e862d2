/**
 * A stand-in for Docker's program where no daemon is: it takes the flags that wsrally gives, as the CLI's reference has them,
 * and refuses any other; runs a program of this machine in the image's place, in a cgroup of its own where one can be made;
 * and keeps what a daemon would know in a folder. Its client ends with the container, passes SIGTERM on, and leaves it running
 * when killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

interface Container {
  readonly id: string;
  readonly pid: number;
  readonly cgroup: string | null;
}

interface RunFlags {
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly image: string;
  readonly args: readonly string[];
}

const state = process.env.STAND_IN_DOCKER ?? "";
const switches = ["--rm", "--no-healthcheck"];
const valued = /^--(pull|label|name|network|user|ulimit|volume|workdir|env|entrypoint)$/;

const [verb = "", ...rest] = process.argv.slice(2);
process.exitCode = await answer(verb, rest);

async function answer(asked: string, args: readonly string[]): Promise<number> {
  note([asked, ...args]);
  if (existsSync(join(state, "no-daemon")))
    return fail("Cannot connect to the Docker daemon at unix:///x.sock.");
  const last = args.at(-1) ?? "";
  switch (asked) {
    case "version":
      return 0;
    case "image":
      return programsOf(last) === null ? fail(`Error: No such image: ${last}`) : 0;
    case "pull":
      if (!existsSync(imageFile(last, "registry"))) return fail(`pull access denied for ${last}`);
      renameSync(imageFile(last, "registry"), imageFile(last));
      return 0;
    case "inspect": {
      const found = containerOf(last);
      if (found === null) return fail(`Error: No such object: ${last}`);
      process.stdout.write(`${found.pid} ${found.id}\n`);
      return 0;
    }
    case "rm":
      return remove(last);
    case "run":
      return run(parseFlags(args));
    default:
      return fail(`docker: '${asked}' is not a docker command.`);
  }
}

function parseFlags(args: readonly string[]): RunFlags {
  const words = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (!word.startsWith("--")) return { words, image: word, args: args.slice(at + 1) };
    const takesValue = valued.test(word);
    if (!takesValue && !switches.includes(word)) throw new Error(`unknown flag: ${word}`);
    words.set(word, [...(words.get(word) ?? []), takesValue ? (args[++at] as string) : ""]);
  }
  throw new Error("docker run requires at least 1 argument.");
}

async function run({ words, image, args }: RunFlags): Promise<number> {
  const programs = programsOf(image);
  const program = programs?.[words.get("--entrypoint")?.[0] ?? ""];
  if (programs === null) return fail("docker: Error response from daemon: No such image", 125);
  if (program === undefined) return fail("docker: Error response from daemon: no such file in $PATH", 127);
  const id = randomBytes(32).toString("hex");
  const name = words.get("--name")?.[0] ?? id;
  const child = startContained(program, { words, image, args }, makeCgroup(id));
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (exit) => resolve(exit ?? 137));
  });
  const cgroup = cgroupOf(id);
  // A daemon tells of a process once it is where it belongs.
  const isIn = (): boolean => child.exitCode !== null || readCgroup(child.pid).includes(id);
  for (let waited = 0; cgroup !== null && waited < 100 && !isIn(); waited++) await sleep(5);
  const container: Container = { id, pid: child.pid ?? 0, cgroup };
  writeFileSync(containerFile(name), JSON.stringify(container));
  process.on("SIGTERM", () => void child.kill("SIGTERM"));
  const code = await ended;
  await remove(name);
  return code;
}

function readCgroup(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "latin1");
  } catch {
    // It has ended.
    return "";
  }
}

/** In a session of its own, with none of this environment. */
function startContained(program: string, { words, args }: RunFlags, cgroup: string | null): ChildProcess {
  const [uid, gid] = words.get("--user")?.[0]?.split(":") ?? [];
  const become =
    process.getuid?.() === 0 && uid !== undefined
      ? ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"]
      : [];
  const enter = cgroup === null ? 'shift; exec "$@"' : 'echo $$ > "$1/cgroup.procs"; shift; exec "$@"';
  const environment = Object.fromEntries(
    (words.get("--env") ?? []).map((pair) => [pair.replace(/=.*/s, ""), pair.replace(/^[^=]*=/, "")]),
  );
  const folder = words.get("--workdir")?.[0];
  return spawn("/bin/sh", ["-c", enter, "sh", cgroup ?? "", ...become, program, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
    // There is no file system of the image's own: its program is told what stands where.
    env: {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      VOLUMES: (words.get("--volume") ?? []).join(" "),
      ...environment,
    },
    ...(folder === undefined ? {} : { cwd: folder }),
  });
}

/** All of its processes are gone when it returns. */
async function remove(name: string): Promise<number> {
  const found = containerOf(name);
  if (found === null) return fail(`Error response from daemon: No such container: ${name}`);
  rmSync(containerFile(name), { force: true });
  const members = (): number[] =>
    found.cgroup === null || !existsSync(found.cgroup)
      ? []
      : readFileSync(join(found.cgroup, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  tryTo(() => process.kill(-found.pid, "SIGKILL"));
  const { cgroup } = found;
  // The kernel keeps the folder for a moment after its last process.
  for (let waited = 0; cgroup !== null && existsSync(cgroup) && waited < 200; waited++) {
    for (const pid of members()) tryTo(() => process.kill(pid, "SIGKILL"));
    tryTo(() => rmdirSync(cgroup));
    await sleep(5);
  }
  return 0;
}

function makeCgroup(id: string): string | null {
  const path = cgroupOf(id);
  if (path !== null) tryTo(() => mkdirSync(path));
  return path !== null && existsSync(join(path, "cgroup.procs")) ? path : null;
}

/** Of version 2 where that is all there is, else beside the memory of version 1; null where neither is. */
function cgroupOf(id: string): string | null {
  const root = ["/sys/fs/cgroup", "/sys/fs/cgroup/memory"].find((path) =>
    existsSync(join(path, "cgroup.procs")),
  );
  return root === undefined ? null : join(root, id);
}

/** Programs of this machine by what they are called in the image. */
function programsOf(image: string): Readonly<Record<string, string>> | null {
  const file = imageFile(image);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function containerOf(name: string): Container | null {
  const file = containerFile(name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function imageFile(image: string, kind = "image"): string {
  return join(state, `${kind}-${encodeURIComponent(image)}`);
}

function containerFile(name: string): string {
  return join(state, `container-${name}`);
}

/** What was asked of it, for a test to read. */
function note(words: readonly string[]): void {
  writeFileSync(join(state, "asked"), `${words.join(" ")}\n`, { flag: "a" });
}

function fail(words: string, code = 1): number {
  process.stderr.write(`${words}\n`);
  return code;
}

function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // It is gone already, or not ours to make.
  }
}
