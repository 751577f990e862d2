/** Where runs and probes are stored, by what a user calls them: a folder, a document, or an id below the results folder. */
import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";

/** What a probe's document is called in its folder. */
export const probeFile = "probe.json";
const runFile = "run.json";

/** @throws UsageError when there is no run */
export function findRunFile(path: string, out: string): string {
  const file = isThere(path) && !isFolder(path) ? path : fileIn(path, out, runFile);
  if (file !== null) return file;
  if (findProbeFile(path, out) !== null) {
    throw new UsageError(`Cannot read a run at ${path}: it is a probe; want a run, which measured something`);
  }
  throw new UsageError(
    `Cannot find a run at ${path}: want a run's folder, its ${runFile}, or its id below ${out}`,
  );
}

/** A file that is a probe's by its name, as `old.probe.json`; null where there is none. */
export function findProbeFile(path: string, out: string): string | null {
  if (path.endsWith(probeFile) && isThere(path) && !isFolder(path)) return path;
  return fileIn(path, out, runFile) === null ? fileIn(path, out, probeFile) : null;
}

function fileIn(path: string, out: string, name: string): string | null {
  return [join(path, name), join(out, path, name)].find(isThere) ?? null;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What is there under the name is a run, or a broken one: a link that leads nowhere is there too. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file where a folder should be, a name that is too long, a folder that is closed to this user.
    return false;
  }
}
