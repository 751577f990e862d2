/**
 * The history on disk: `history/<scenario>/<run-id>.json` below the results, one small file a run. Lines added to one
 * file by two branches meet at its end, which git calls a conflict; files of different names never meet. A folder copied
 * over another is a merge too, so that histories travel as CI artifacts.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { codeOf, EnvironmentError, messageOf } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { replaceFile } from "../base/whole-file.js";
import { type HistoryEntry, historyEntrySchema } from "./history-entry.js";
import { sortedJson } from "./sorted-json.js";

export interface ReadHistory {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Files that are no entries, a sentence each. */
  readonly unreadable: readonly string[];
}

/** @param out the results folder */
export function historyPath(out: string): string {
  return join(out, "history");
}

/** Names of the scenarios that have a history. */
export function historyScenarios(out: string): string[] {
  return listFolder(historyPath(out))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Each run once, though several files hold it; empty where there is none. */
export function readHistory(out: string, scenario: string): ReadHistory {
  const folder = join(historyPath(out), scenario);
  const files = listFolder(folder)
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map(({ name }) => join(folder, name))
    .sort();
  const byRun = new Map<string, HistoryEntry>();
  const unreadable: string[] = [];
  for (const file of files) {
    const read = parseEntry(file);
    if (typeof read === "string") unreadable.push(read);
    else if (read.scenario === scenario) byRun.set(read.runId, byRun.get(read.runId) ?? read);
    else unreadable.push(`${file}: is of the scenario ${read.scenario}`);
  }
  return { entries: inOrderOfTime([...byRun.values()]), unreadable };
}

/** Runs that began at one moment stand in the order of their ids, so that every machine shows the same history. */
function inOrderOfTime(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const key = ({ startedAt, runId }: HistoryEntry): string => `${new Date(startedAt).toISOString()} ${runId}`;
  return [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** An entry, or why the file is none. */
function parseEntry(file: string): HistoryEntry | string {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (thrown) {
    return `${file}: ${messageOf(thrown)}`;
  }
  const parsed = historyEntrySchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${file}: ${issue?.path.join(".")}: ${issue?.message}`;
}

/**
 * Adds a run, unless it is there already.
 * @returns whether it is new
 * @throws EnvironmentError when it cannot be written
 */
export function addToHistory(out: string, entry: HistoryEntry): boolean {
  const file = join(historyPath(out), entry.scenario, `${entry.runId}.json`);
  if (existsSync(file)) return false;
  try {
    makeFolder(dirname(file), { what: "the history's folder" });
    replaceFile(file, sortedJson(entry));
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write the history ${file}: ${messageOf(thrown)}`);
  }
  return true;
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    throw new EnvironmentError(`Cannot read the history ${folder}: ${messageOf(thrown)}`);
  }
}
