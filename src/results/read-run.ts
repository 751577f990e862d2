/**
 * Reads a stored run again: the document, checked against its schema, and the histograms and configs beside it. The folder
 * may be a stranger's, so nothing is read but plain files in it, and no more than a run can come to.
 */
import { basename, dirname, join } from "node:path";
import { codeOf, messageOf, UsageError } from "../base/errors.js";
import { BrokenHistogramLogError, HistogramBudgetError, HistogramLogReader } from "../base/histogram-log.js";
import type { LatencyHistogram } from "../base/latency-histogram.js";
import { readUnlinkedFile } from "../base/read-small-file.js";
import { type RunDocument, runDocumentSchema, schemaVersion } from "./run-document.js";
import { readLimits, readStoredJson } from "./stored-json.js";
import { findRunFile } from "./stored-place.js";

export interface StoredRun {
  readonly document: RunDocument;
  /** By arm, then by series: all trials merged; for display only. */
  readonly histograms: ReadonlyMap<string, ReadonlyMap<string, LatencyHistogram>>;
  /** The configs that the arms ran with, by arm; none for an arm without one. */
  readonly configs: ReadonlyMap<string, string>;
}

const mebibyte = 1024 ** 2;
/** Of some 15,000 trials. */
const mostDocumentBytes = 48 * mebibyte;
/** What the files of one ending come to together, at most. */
const mostLogBytes = 256 * mebibyte;
const mostConfigBytes = 64 * mebibyte;

/**
 * @param path a run's folder, its run.json, or its id below `out`
 * @throws UsageError when there is no run, or not one of this version, or a file of it cannot be read
 */
export function readRun(path: string, out: string): StoredRun {
  const file = findRunFile(path, out);
  return withFiles(readDocument(file), dirname(file));
}

/**
 * The document with what lies beside it in its folder; with a warning more where the histograms are too many to be drawn.
 * @throws UsageError when a file there cannot be read
 */
export function withFiles(document: RunDocument, folder: string): StoredRun {
  const configs = new Map(
    [...filesBeside(document, folder, ".conf", mostConfigBytes)].map(({ arm, text }) => [arm, text]),
  );
  try {
    return { document, histograms: readHistograms(document, folder), configs };
  } catch (thrown) {
    if (!(thrown instanceof HistogramBudgetError)) throw thrown;
    const warnings = [...document.warnings, { code: "histograms-left-out", message: thrown.message }];
    return { document: { ...document, warnings }, histograms: new Map(), configs };
  }
}

/** Of one time under load, by series. */
export type LoggedInterval = ReadonlyMap<string, LatencyHistogram>;

/**
 * The histograms beside a document one time under load after the other, as they were logged; by arm.
 * @throws UsageError when a file there cannot be read; HistogramBudgetError for more than are read at once
 */
export function readIntervals(
  document: RunDocument,
  folder: string,
): ReadonlyMap<string, readonly LoggedInterval[]> {
  return readLogs(document, folder, (reader, text) =>
    intervalsOf(text).map((lines) => reader.read(`${lines.join("\n")}\n`)),
  );
}

/** The whole lines of a log, those with the same start together. */
function intervalsOf(text: string): string[][] {
  const byStart = new Map<string, string[]>();
  for (const line of text.split("\n").slice(0, -1)) {
    if (line === "" || line.startsWith("#") || line.startsWith('"')) continue;
    const start = line.split(",", 2)[1] ?? "";
    const lines = byStart.get(start) ?? [];
    lines.push(line);
    byStart.set(start, lines);
  }
  return [...byStart.values()];
}

/** @throws HistogramBudgetError for more than can be drawn */
function readHistograms(document: RunDocument, folder: string): StoredRun["histograms"] {
  return readLogs(document, folder, (reader, text) => reader.read(text));
}

/** By arm. */
function readLogs<Value>(
  document: RunDocument,
  folder: string,
  read: (reader: HistogramLogReader, text: string) => Value,
): Map<string, Value> {
  const reader = new HistogramLogReader();
  const byArm = new Map<string, Value>();
  for (const { arm, file, text } of filesBeside(document, folder, ".hlog", mostLogBytes)) {
    try {
      byArm.set(arm, read(reader, text));
    } catch (thrown) {
      if (!(thrown instanceof BrokenHistogramLogError)) throw thrown;
      throw new UsageError(`Cannot read the histograms of ${file}:${thrown.line}: ${thrown.message}`);
    }
  }
  return byArm;
}

interface FileBeside {
  readonly arm: string;
  readonly file: string;
  readonly text: string;
}

/**
 * The files of one ending, of those arms that have one. A name that leads elsewhere is no file of the run.
 * @throws UsageError for what is no plain file, and for more than `mostBytes` in all of them
 */
function* filesBeside(
  { arms }: RunDocument,
  folder: string,
  ending: string,
  mostBytes: number,
): Generator<FileBeside> {
  let left = mostBytes;
  for (const arm of new Set(arms.map(({ name }) => name))) {
    if (basename(arm) !== arm || arm.includes("\0")) continue;
    const file = join(folder, `${arm}${ending}`);
    try {
      const bytes = readUnlinkedFile(file, left);
      left -= bytes.length;
      yield { arm, file, text: bytes.toString("utf8") };
    } catch (thrown) {
      // An arm has a config and histograms, or has none; a name that no file can have is of one that has none.
      if (["ENOENT", "ENAMETOOLONG"].includes(codeOf(thrown) ?? "")) continue;
      throw new UsageError(`Cannot read ${file}: ${messageOf(thrown)}`);
    }
  }
}

/** @throws UsageError when the file cannot be read, or is not one of this version */
export function readDocument(file: string): RunDocument {
  const wanted = { schema: runDocumentSchema, version: schemaVersion, limits: readLimits(mostDocumentBytes) };
  const read = readStoredJson(file, wanted);
  if ("fault" in read) throw new UsageError(`Cannot read the run ${file}: ${read.fault}`);
  return read.data;
}
