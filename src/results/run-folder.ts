/**
 * A run's folder: the document, written anew after every trial, and beside it each arm's histograms, config and error
 * log, and in the end the report. An interrupted run keeps what it measured; one that measured nothing leaves no folder.
 */
import { existsSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codeOf, EnvironmentError, messageOf } from "../base/errors.js";
import { histogramLogHead } from "../base/latency-histogram.js";
import { appendWhole, privateFile, replaceFile } from "../base/whole-file.js";
import type { TrialRecord } from "../trial/trial-record.js";
import { makePrivateFolder, otherFolder } from "./private-folder.js";
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
  /**
   * Removes the folder of a run that ended before there was anything to show; with the results folder, if that was made for it.
   * @returns whether it did; false when the run has results, which stay
   */
  discardIfBare(): boolean;
}

/** A time under load, and what was recorded in it. */
export type Interval = Pick<TrialRecord, "arm" | "histograms" | "measuredAtMs" | "durationNs">;

/**
 * @param begun called once, when there are results in it
 * @throws EnvironmentError when the folder cannot be made or written
 */
export async function createRunFolder(
  out: string,
  runId: string,
  begun: (path: string) => void = () => undefined,
): Promise<RunFolder> {
  const path = join(out, runId);
  const logsBegun = new Set<string>();
  const guarded = async (work: () => void): Promise<void> => {
    try {
      work();
    } catch (thrown) {
      throw new EnvironmentError(`Cannot write ${path}: ${messageOf(thrown)}; ${otherFolder}`);
    }
  };
  const replace = (name: string, text: string): void => replaceFile(join(path, name), text, privateFile);
  const logHistograms = (interval: Interval): void => {
    const log = join(path, `${interval.arm}.hlog`);
    const comment = `[Logged by wsrally, arm ${interval.arm}, values in nanoseconds]`;
    const head = logsBegun.has(interval.arm) ? "" : histogramLogHead(interval.measuredAtMs, comment);
    appendWhole(log, head + histogramLines(interval), privateFile);
    logsBegun.add(interval.arm);
  };
  const isOutNew = !existsSync(out);
  makePrivateFolder(out, path);
  let isBare = true;
  return {
    path,
    writeDocument: (document) =>
      guarded(() => {
        const wasBare = isBare;
        isBare = isWithoutResults(document);
        replace("run.json", `${JSON.stringify(document, null, 2)}\n`);
        if (wasBare && !isBare) begun(path);
      }),
    addTrial: (record) =>
      guarded(() => {
        logHistograms(record);
        if (record.proxyLog.length > 0) {
          const lines = `${record.proxyLog.join("\n")}\n`;
          appendWhole(join(path, `${record.arm}.error.log`), lines, privateFile);
          const ofTrial = proxyLogFileOf(record);
          if (ofTrial !== null) replace(ofTrial, lines);
        }
      }),
    addHistograms: (interval) => guarded(() => logHistograms(interval)),
    addProxyLog: (arm, lines) =>
      guarded(() => {
        if (lines.length > 0)
          appendWhole(join(path, `${arm}.error.log`), `${lines.join("\n")}\n`, privateFile);
      }),
    writeConfig: (arm, config) => guarded(() => replace(`${arm}.conf`, config)),
    writeReport: (html) => guarded(() => replace("report.html", html)),
    discardIfBare() {
      if (!isBare) return false;
      rmSync(path, { recursive: true, force: true });
      if (isOutNew) removeIfEmpty(out);
      return true;
    },
  };
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (thrown) {
    // Another run's results lie in it by now, or it went with that run.
    if (!["ENOTEMPTY", "ENOENT"].includes(codeOf(thrown) ?? "")) throw thrown;
  }
}

/** No trial, no step of a search, no window of a soak, no bill of an event, and nothing that a gate has to say. */
function isWithoutResults({ arms, capacity, soak, rollouts = [], gate }: RunDocument): boolean {
  const searched = capacity === undefined ? [] : [capacity, ...capacity.others];
  return (
    arms.every(({ trials }) => trials.length === 0) &&
    searched.every(({ steps }) => steps.length === 0) &&
    (soak?.windows ?? []).length === 0 &&
    rollouts.length === 0 &&
    gate === undefined
  );
}

/** Times are seconds since the epoch, as HdrHistogram's own tools take them. */
function histogramLines({ histograms, measuredAtMs, durationNs }: Interval): string {
  const startS = measuredAtMs / 1000;
  return [...histograms]
    .map(([series, histogram]) => histogram.toLogLine(series, startS, startS + durationNs / 1e9))
    .join("");
}
