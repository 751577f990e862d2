/** Where runs and probes are stored, by what a user calls them: a folder, a document, or an id below the results folder, in full or as much of it as tells it. */
import { lstatSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { listStored, storedFiles, storedIdOf, timeLength } from "./stored-list.js";

const { run: runFile, probe: probeFile } = storedFiles;

/** @throws UsageError when there is no run, or the name stands for several */
export function findRunFile(path: string, out: string): string {
  const file = isThere(path) && !isFolder(path) ? path : fileIn(path, out, runFile);
  if (file !== null) return file;
  if (findProbeFile(path, out) !== null) {
    throw new UsageError(`Cannot read a run at ${path}: it is a probe; want a run, which measured something`);
  }
  throw new UsageError(
    `Cannot find a run at ${path}${nearWords(path, out)}: want a run's folder, its ${runFile}, its id below ${out} or the start of one, a tag, or latest; wsrally report lists them`,
  );
}

/** By what an id says behind its time, or by a tag. */
function nearWords(path: string, out: string): string {
  const items = listStored(out);
  return meantWords(path, [
    ...items.flatMap(({ id, tags }) => [...tags, id, id.slice(timeLength + 1).replace(/-[^-]*$/, "")]),
  ]);
}

/** A file that is a probe's by its name, as `old.probe.json`; null where there is none. */
export function findProbeFile(path: string, out: string): string | null {
  if (path.endsWith(probeFile) && isThere(path) && !isFolder(path)) return path;
  return fileIn(path, out, runFile) === null ? fileIn(path, out, probeFile) : null;
}

function fileIn(path: string, out: string, name: string): string | null {
  const folders = [path, join(out, path)];
  const id = folders.some(isThere) ? null : storedIdOf(path, out);
  return (
    [...folders, ...(id === null ? [] : [join(out, id)])].map((folder) => join(folder, name)).find(isThere) ??
    null
  );
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
