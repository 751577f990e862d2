/**
 * Finds runs in a folder that came from elsewhere: entries of a history, wherever in it they lie, and whole run folders.
 * It may be a stranger's artifact, so everything is checked against its schema before it names a file here.
 */
import { type Dirent, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, UsageError } from "../base/errors.js";
import { type HistoryEntry, historyEntrySchema } from "./history-entry.js";
import { type RunDocument, runDocumentSchema, schemaVersion } from "./run-document.js";
import { readLimits, readStoredJson } from "./stored-json.js";

type FoundRun = { readonly entry: HistoryEntry } | { readonly document: RunDocument };

/** `artifact/results/history/SCENARIO/RUN.json` has three folders above the file. */
const depthMax = 5;
/** Files and folders that are looked at: a thousand runs have some twenty thousand. */
const mostNames = 100_000;
const mostFileBytes = 64 * 1024 ** 2;
const mostBytes = 256 * 1024 ** 2;

/**
 * What is no run, or cannot be read, is passed over: the folder holds other things too.
 * @throws UsageError when the folder cannot be read, or is too large to be one of runs
 */
export function* findRuns(folder: string): Generator<FoundRun> {
  let isFolder = false;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (thrown) {
    throw new UsageError(`Cannot import ${folder}: ${messageOf(thrown)}`);
  }
  if (!isFolder) throw new UsageError(`Cannot import ${folder}: want a folder with a history or with runs`);
  const limits = readLimits(mostFileBytes, mostBytes);
  const version = schemaVersion;
  for (const file of jsonFiles(folder)) {
    if (basename(file) === "run.json") {
      const read = readStoredJson(file, { schema: runDocumentSchema, version, limits });
      if ("data" in read) yield { document: read.data };
    } else {
      const read = readStoredJson(file, { schema: historyEntrySchema, version, limits });
      if ("data" in read) yield { entry: read.data };
    }
    if (limits.leftBytes < 0) {
      throw new UsageError(
        `Cannot import ${folder}: it holds more than ${mostBytes >> 20} MiB of JSON; want fewer runs at once`,
      );
    }
  }
}

/** Links are not followed: they may lead out of the folder. */
function jsonFiles(top: string): string[] {
  let seen = 0;
  const within = (folder: string, depth: number): string[] => {
    let names: Dirent[];
    try {
      names = readdirSync(folder, { withFileTypes: true });
    } catch (thrown) {
      throw new UsageError(`Cannot import ${folder}: ${messageOf(thrown)}`);
    }
    seen += names.length;
    if (seen > mostNames)
      throw new UsageError(
        `Cannot import ${top}: it holds more than ${mostNames} files; want a folder of runs`,
      );
    return names.flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory())
        return depth > 0 && entry.name !== "node_modules" ? within(path, depth - 1) : [];
      return entry.isFile() && entry.name.endsWith(".json") ? [path] : [];
    });
  };
  return within(top, depthMax);
}
