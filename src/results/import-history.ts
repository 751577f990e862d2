/**
 * Finds runs in a folder that came from elsewhere: entries of a history, wherever in it they lie, and whole run folders.
 * It may be a stranger's artifact, so everything is checked against its schema before it names a file here.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, UsageError } from "../base/errors.js";
import { type HistoryEntry, historyEntrySchema } from "./history-entry.js";
import { type RunDocument, runDocumentSchema } from "./run-document.js";

export interface FoundRuns {
  readonly entries: readonly HistoryEntry[];
  readonly documents: readonly RunDocument[];
}

/** `artifact/results/history/SCENARIO/RUN.json` has three folders above the file. */
const depthMax = 5;

/** @throws UsageError when the folder cannot be read */
export function findRuns(folder: string): FoundRuns {
  let isFolder = false;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch (thrown) {
    throw new UsageError(`Cannot import ${folder}: ${messageOf(thrown)}`);
  }
  if (!isFolder) throw new UsageError(`Cannot import ${folder}: want a folder with a history or with runs`);
  const entries: HistoryEntry[] = [];
  const documents: RunDocument[] = [];
  for (const file of jsonFiles(folder, depthMax)) {
    const data = readJson(file);
    const schema = basename(file) === "run.json" ? runDocumentSchema : historyEntrySchema;
    const parsed = schema.safeParse(data);
    if (!parsed.success) continue;
    if ("ratios" in parsed.data) entries.push(parsed.data);
    else documents.push(parsed.data);
  }
  return { entries, documents };
}

/** Links are not followed: they may lead out of the folder. */
function jsonFiles(folder: string, depth: number): string[] {
  let names: Dirent[];
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    throw new UsageError(`Cannot import ${folder}: ${messageOf(thrown)}`);
  }
  return names.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return depth > 0 && entry.name !== "node_modules" ? jsonFiles(path, depth - 1) : [];
    return entry.isFile() && entry.name.endsWith(".json") ? [path] : [];
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
