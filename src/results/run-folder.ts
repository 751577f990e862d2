/**
 * A run's folder: the document, written anew after every trial, and beside it each arm's histograms, config and error
 * log, and in the end the report. An interrupted run keeps what it measured.
 */
import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { histogramLogHead } from "../base/latency-histogram.js";
import type { TrialRecord } from "../trial/trial-record.js";
import { proxyLogFileOf } from "./proxy-log-file.js";
import type { RunDocument } from "./run-document.js";

export interface RunFolder {
  readonly path: string;
  /** Replaces `run.json` in one step, so that a reader never sees half of it. */
  writeDocument(document: RunDocument): Promise<void>;
  /**
   * Adds a trial's histograms to `<arm>.hlog` and its log lines to `<arm>.error.log`; those of a trial with failures
   * also have a file of their own.
   */
  addTrial(record: TrialRecord): Promise<void>;
  /** Adds the histograms of a time under load to `<arm>.hlog`. */
  addHistograms(interval: Interval): Promise<void>;
  /** Adds lines to `<arm>.error.log`. */
  addProxyLog(arm: string, lines: readonly string[]): Promise<void>;
  /** Keeps the config that an arm ran with, as `<arm>.conf`. */
  writeConfig(arm: string, config: string): Promise<void>;
  /** Leaves the report for a browser, as `report.html`. */
  writeReport(html: string): Promise<void>;
}

/** A time under load, and what was recorded in it. */
export type Interval = Pick<TrialRecord, "arm" | "histograms" | "measuredAtMs" | "durationNs">;

/** @throws EnvironmentError when the folder cannot be made or written */
export async function createRunFolder(out: string, runId: string): Promise<RunFolder> {
  const path = join(out, runId);
  const logsBegun = new Set<string>();
  const guarded = async (action: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      throw new EnvironmentError(`Cannot ${action}: ${messageOf(thrown)}; --out chooses another folder`);
    }
  };
  const logHistograms = async (interval: Interval): Promise<void> => {
    const log = join(path, `${interval.arm}.hlog`);
    if (!logsBegun.has(interval.arm)) {
      logsBegun.add(interval.arm);
      const comment = `[Logged by wsrally, arm ${interval.arm}, values in nanoseconds]`;
      await writeFile(log, histogramLogHead(interval.measuredAtMs, comment));
    }
    await appendFile(log, histogramLines(interval));
  };
  await guarded(`make the results folder ${path}`, () => mkdir(path, { recursive: true }));
  return {
    path,
    writeDocument: (document) =>
      guarded(`write ${path}`, async () => {
        const draft = join(path, "run.json.part");
        await writeFile(draft, `${JSON.stringify(document, null, 2)}\n`);
        await rename(draft, join(path, "run.json"));
      }),
    addTrial: (record) =>
      guarded(`write ${path}`, async () => {
        await logHistograms(record);
        if (record.proxyLog.length > 0) {
          const lines = `${record.proxyLog.join("\n")}\n`;
          await appendFile(join(path, `${record.arm}.error.log`), lines);
          const ofTrial = proxyLogFileOf(record);
          if (ofTrial !== null) await writeFile(join(path, ofTrial), lines);
        }
      }),
    addHistograms: (interval) => guarded(`write ${path}`, () => logHistograms(interval)),
    addProxyLog: (arm, lines) =>
      guarded(`write ${path}`, async () => {
        if (lines.length > 0) await appendFile(join(path, `${arm}.error.log`), `${lines.join("\n")}\n`);
      }),
    writeConfig: (arm, config) =>
      guarded(`write ${path}`, () => writeFile(join(path, `${arm}.conf`), config)),
    writeReport: (html) => guarded(`write ${path}`, () => writeFile(join(path, "report.html"), html)),
  };
}

/** Times are seconds since the epoch, as HdrHistogram's own tools take them. */
function histogramLines({ histograms, measuredAtMs, durationNs }: Interval): string {
  const startS = measuredAtMs / 1000;
  return [...histograms]
    .map(([series, histogram]) => histogram.toLogLine(series, startS, startS + durationNs / 1e9))
    .join("");
}
