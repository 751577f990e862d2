/**
 * One run from scenario to report: what `run`, `compare` and `demo` share.
 */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { FaultsFoundError, InconclusiveError, InterruptedError } from "../base/errors.js";
import { createDocument } from "../results/build-document.js";
import type { RunDocument } from "../results/run-document.js";
import { createRunFolder } from "../results/run-folder.js";
import type { Scenario } from "../scenario/scenario.js";
import { runSeries } from "../trial/run-series.js";
import type { ReportRequest } from "./ci/report-requests.js";
import { deliverRun } from "./deliver-run.js";
import { recallRuns } from "./remember-run.js";
import { RunInProgress } from "./run-in-progress.js";
import { createRunProgress } from "./run-progress.js";
import type { Terminal } from "./terminal.js";

export interface RunOptions {
  readonly out: string;
  readonly json: boolean;
  readonly explain: boolean;
  /** Written when the run has ended, beside report.html. */
  readonly reports: readonly ReportRequest[];
  /** An OpenTelemetry collector's URL for metrics; null for none. */
  readonly otlp: string | null;
}

/**
 * Runs, stores and prints a scenario.
 * @throws InterruptedError after printing what was measured; UsageError or EnvironmentError when it could not go on;
 * FaultsFoundError or InconclusiveError, after the report, when an SLO was missed or could not be judged
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
  const memory = recallRuns(document, options.out);
  const run = new RunInProgress({ scenario, document, folder, progress });
  progress.note(
    `${scenario.name}: ${scenario.description ?? "arms compared"} Seed ${seed}, results in ${folder.path}`,
  );
  for (const note of memory.notes) progress.note(note);
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
  const result = await memory.keep(await run.end(status), folder);
  if (failure === null || failure instanceof InterruptedError) {
    await deliverRun({ document: result, folder, options, terminal });
  }
  if (failure !== null) throw failure;
  requireSlos(result);
}

/** @throws FaultsFoundError for one that was missed, InconclusiveError for one that nothing can be said of */
function requireSlos({ slo = [] }: RunDocument): void {
  const having = (status: string): string[] =>
    slo.filter((one) => one.status === status).map(({ arm, expression }) => `${arm}: ${expression}`);
  const [missed, unknown] = [having("missed"), having("unknown")];
  if (missed.length > 0) throw new FaultsFoundError(`SLO missed: ${missed.join("; ")}`);
  if (unknown.length > 0) throw new InconclusiveError(`SLO not proven: ${unknown.join("; ")}`);
}

/** Sorts by time, and tells two runs of one second apart. */
export function makeRunId(startedAt: Date, name: string): string {
  const time = startedAt.toISOString().slice(0, 19).replace(/:/g, "-");
  return `${time}-${name}-${randomInt(0x10000).toString(16).padStart(4, "0")}`;
}
