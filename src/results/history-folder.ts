/**
 * The history on disk: `history/<scenario>/<run-id>.json` below the results, one small file a run. Lines added to one
 * file by two branches meet at its end, which git calls a conflict; files of different names never meet. A folder copied
 * over another is a merge too, so that histories travel as CI artifacts.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type HistoryEntry, historyEntrySchema } from "./history-entry.js";
import { schemaVersion } from "./run-document.js";
import { sortedJson } from "./sorted-json.js";
import { listStoredFolder, replaceStoredFile } from "./stored-folder.js";
import { type ReadLimits, readLimits, readStoredJson } from "./stored-json.js";

interface ReadHistory {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Files that are no entries, a sentence each. */
  readonly unreadable: readonly string[];
}

/** @param out the results folder */
export function historyPath(out: string): string {
  return join(out, "history");
}

/** A run of a matrix of a thousand cells. */
const mostEntryBytes = 4 * 1024 ** 2;
/** Runs of a scenario that are read, the newest: what is older moves no level that anybody looks at. */
const mostEntries = 2000;

/** Names of the scenarios that have a history. */
export function historyScenarios(out: string): string[] {
  return listStoredFolder(historyPath(out), "history")
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Each run once, though several files hold it; empty where there is none. */
export function readHistory(out: string, scenario: string): ReadHistory {
  // Neither is a link: historyScenarios names none.
  const folder = join(historyPath(out), scenario);
  const files = historyScenarios(out).includes(scenario) ? namesIn(folder) : [];
  const byRun = new Map<string, HistoryEntry>();
  const unreadable: string[] = [];
  if (files.length > mostEntries)
    unreadable.push(
      `${folder}: ${files.length - mostEntries} files, for ${mostEntries} are read, those whose names come last`,
    );
  const limits = readLimits(mostEntryBytes);
  for (const file of files.slice(-mostEntries)) {
    const read = parseEntry(join(folder, file), limits);
    if (typeof read === "string") unreadable.push(read);
    else if (read.scenario === scenario) byRun.set(read.runId, byRun.get(read.runId) ?? read);
    else unreadable.push(`${join(folder, file)}: is of the scenario ${read.scenario}`);
  }
  return { entries: inOrderOfTime([...byRun.values()]), unreadable };
}

/** A run's name begins with its time, so that they stand in its order. */
function namesIn(folder: string): string[] {
  return listStoredFolder(folder, "history")
    .filter((entry) => entry.name.endsWith(".json"))
    .map(({ name }) => name)
    .sort();
}

/** Runs that began at one moment stand in the order of their ids, so that every machine shows the same history. */
function inOrderOfTime(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const key = ({ startedAt, runId }: HistoryEntry): string => `${new Date(startedAt).toISOString()} ${runId}`;
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** An entry, or why the file is none. */
function parseEntry(file: string, limits: ReadLimits): HistoryEntry | string {
  const read = readStoredJson(file, { schema: historyEntrySchema, version: schemaVersion, limits });
  return "fault" in read ? `${file}: ${read.fault}` : read.data;
}

/**
 * Adds a run, unless it is there already.
 * @returns whether it is new
 * @throws EnvironmentError when it cannot be written
 */
export function addToHistory(out: string, entry: HistoryEntry): boolean {
  const file = join(historyPath(out), entry.scenario, `${entry.runId}.json`);
  if (existsSync(file)) return false;
  replaceStoredFile(out, file, sortedJson(entry), "history");
  return true;
}
