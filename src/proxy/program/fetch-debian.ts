/**
 * Fetches a proxy's program from Debian's packages, for machines that have apt: it checks their signatures, and neither it nor
 * dpkg needs root to fetch and unpack. Nothing is installed: program, modules and libraries come to lie in one folder.
 */
import { chmod, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../base/errors.js";
import { type ProgramResult, runProgram } from "../run-program.js";
import { inspectProgram } from "./find-program.js";
import { orSystemPackage, trouble } from "./install-trouble.js";
import type { DebianRelease, ProgramSpec } from "./program-spec.js";

interface Work {
  /** Gone when it is done. */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
}

const limitMs = 300_000;

/**
 * Leaves the program in `program/` of the work folder.
 * @throws EnvironmentError without apt, or where it has no such packages
 */
export async function fetchDebian(spec: ProgramSpec, work: Work): Promise<void> {
  const { folder } = work;
  const debian = spec.debian as DebianRelease;
  const [first = "", ...others] = debian.packages;
  work.onProgress(`Fetching ${first} and ${others.length} libraries with apt-get`);
  await download(spec, debian.packages, folder);
  const unpacked = join(folder, "unpacked");
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".deb")) continue;
    const { exitCode, stderr } = await run(spec, "dpkg-deb", ["-x", join(folder, name), unpacked], folder);
    if (exitCode !== 0) throw trouble(spec, `cannot unpack ${name}: ${lastLine(stderr)}`);
  }
  await assemble(spec, debian, { unpacked, program: join(folder, "program") });
}

/** With the lists that the system has; where those are none, or old, with fresh ones in the work folder. */
async function download(spec: ProgramSpec, packages: readonly string[], folder: string): Promise<void> {
  const state = [`Dir::State::Lists=${join(folder, "lists")}`, `Dir::Cache=${join(folder, "cache")}`];
  const own = state.flatMap((option) => ["-o", option]);
  const asked: ProgramResult[] = [];
  for (const options of [[], own]) {
    if (options.length > 0) {
      for (const name of ["lists", "cache"]) await mkdir(join(folder, name));
      // It makes none of those below them itself.
      for (const name of ["lists/partial", "cache/archives", "cache/archives/partial"])
        await mkdir(join(folder, name));
      await run(spec, "apt-get", [...options, "-q", "update"], folder);
    }
    // Since 2038 is prepared for, some libraries have another name.
    for (const suffix of ["", "t64"]) {
      const names = packages.map((name) => (/^lib(?:apr|ssl)/.test(name) ? `${name}${suffix}` : name));
      const result = await run(spec, "apt-get", [...options, "-q", "download", ...names], folder);
      if (result.exitCode === 0) return;
      asked.push(result);
    }
  }
  const words = lastLine(asked.at(-2)?.stderr ?? "");
  throw trouble(spec, `apt-get could not fetch ${packages[0]}: ${words}; ${orSystemPackage(spec)}`);
}

interface Places {
  readonly unpacked: string;
  readonly program: string;
}

/** The program is a script that names the folder of libraries, in which the real one is as well. */
async function assemble(
  spec: ProgramSpec,
  debian: DebianRelease,
  { unpacked, program }: Places,
): Promise<void> {
  const [name = ""] = spec.names;
  const lib = join(program, "lib");
  await mkdir(program);
  await mkdir(lib);
  for (const pattern of debian.libraries) {
    for (const folder of await foldersOf(join(unpacked, pattern))) {
      const files = (await readdir(folder)).filter((file) => /\.so(?:\.\d+)*$/.test(file));
      for (const file of files) await rename(join(folder, file), join(lib, file));
    }
  }
  await rename(join(unpacked, debian.program), join(lib, `${name}.so`));
  const script = join(program, name);
  await writeFile(
    script,
    `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nLD_LIBRARY_PATH="$here/lib" exec "$here/lib/${name}.so" "$@"\n`,
  );
  await chmod(script, 0o755);
  await inspectProgram(spec, script, "cache");
}

/** Those that TRIPLET may stand for; none where the packages have no such folder. */
async function foldersOf(pattern: string): Promise<string[]> {
  if (!pattern.endsWith("TRIPLET")) return [pattern];
  const folder = dirname(pattern);
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /-linux-gnu\w*$/.test(name)).map((name) => join(folder, name));
}

async function run(
  spec: ProgramSpec,
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<ProgramResult> {
  return runProgram(program, args, { timeoutMs: limitMs, cwd }).catch((thrown: unknown) => {
    const words = codeOf(thrown) === "ENOENT" ? `this machine has no ${program}` : `${program} does not run`;
    throw trouble(spec, `${words}; ${orSystemPackage(spec).replace(/^or /, "")}`, thrown);
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
