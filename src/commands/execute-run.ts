/**
 * One run from scenario to report: what `run`, `compare` and `demo` share.
 */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { EnvironmentError, InterruptedError } from "../base/errors.js";
import { renderHtmlReport } from "../report/html/render-html-report.js";
import { createDocument } from "../results/build-document.js";
import { readRun } from "../results/read-run.js";
import { createRunFolder, type RunFolder } from "../results/run-folder.js";
import type { Scenario } from "../scenario/scenario.js";
import { runSeries } from "../trial/run-series.js";
import { printRun } from "./print-run.js";
import { RunInProgress } from "./run-in-progress.js";
import { createRunProgress } from "./run-progress.js";
import type { Terminal } from "./terminal.js";

export interface RunOptions {
  readonly out: string;
  readonly json: boolean;
  readonly explain: boolean;
}

/**
 * Runs, stores and prints a scenario.
 * @throws InterruptedError after printing what was measured; UsageError or EnvironmentError when it could not go on
 */
export async function executeRun(
  scenario: Scenario,
  options: RunOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = new Date();
  const seed = scenario.seed ?? randomInt(2 ** 32);
  const runId = makeRunId(startedAt, scenario.name);
  const folder = await createRunFolder(options.out, runId);
  const progress = createRunProgress(terminal);
  const document = createDocument({ runId, startedAt, seed, scenario });
  const run = new RunInProgress({ scenario, document, folder, progress });
  progress.note(
    `${scenario.name}: ${scenario.description ?? "arms compared"} Seed ${seed}, results in ${folder.path}`,
  );
  const threads = scenario.arms[0]?.workload.threads ?? Math.max(1, Math.floor(availableParallelism() / 2));
  let failure: unknown = null;
  try {
    await run.begin();
    await runSeries({ scenario, seed, threads, observer: run, signal });
  } catch (thrown) {
    failure = signal.aborted
      ? new InterruptedError(`Interrupted; what was measured is in ${folder.path}`)
      : thrown;
  } finally {
    progress.finish();
  }
  const status =
    failure === null ? "complete" : failure instanceof InterruptedError ? "interrupted" : "failed";
  const result = await run.end(status);
  if (failure === null || failure instanceof InterruptedError) {
    await leaveReport(folder, options.out, terminal);
    printRun(result, folder.path, options, terminal);
  }
  if (failure !== null) throw failure;
}

/** What was measured is stored by now: a report that cannot be made is said and no reason to fail. */
export async function leaveReport(folder: RunFolder, out: string, { stderr }: Terminal): Promise<void> {
  try {
    await folder.writeReport(renderHtmlReport(readRun(folder.path, out)));
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    stderr.write(`No report.html: ${thrown.message}\n`);
  }
}

/** Sorts by time, and tells two runs of one second apart. */
export function makeRunId(startedAt: Date, name: string): string {
  const time = startedAt.toISOString().slice(0, 19).replace(/:/g, "-");
  return `${time}-${name}-${randomInt(0x10000).toString(16).padStart(4, "0")}`;
}
