/**
 * A measurement from its first moment to its printed report, whatever comes between: what `run`, `gate` and `capacity`
 * share.
 */

import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { InterruptedError } from "../base/errors.js";
import { createDocument } from "../results/build-document.js";
import type { RunDocument } from "../results/run-document.js";
import { createRunFolder, type RunFolder } from "../results/run-folder.js";
import type { Scenario } from "../scenario/scenario.js";
import { deliverRun } from "./deliver-run.js";
import type { RunOptions } from "./run-options.js";
import { createRunProgress, type RunProgress } from "./run-progress.js";
import type { CommandContext, Terminal } from "./terminal.js";

interface Measurement {
  readonly seed: number;
  /** Generator threads. */
  readonly threads: number;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  /** Without any result yet. */
  readonly document: RunDocument;
}

export async function openMeasurement(
  scenario: Scenario,
  { out, tags }: Pick<RunOptions, "out" | "tags">,
  terminal: Terminal,
): Promise<Measurement> {
  const startedAt = new Date();
  const seed = chooseSeed(scenario);
  const runId = makeRunId(startedAt, scenario.name);
  const progress = createRunProgress(terminal);
  return {
    seed,
    threads: generatorThreads(scenario),
    folder: await createRunFolder(out, runId, tellResults(progress)),
    progress,
    document: createDocument({ runId, startedAt, seed, scenario, tags }),
  };
}

export interface MeasurementSteps {
  measure(): Promise<void>;
  /** Stores what was measured, and returns it. */
  end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument>;
  /** Whether what was measured until a failure is worth a report all the same; it is not when left out. */
  isWorthShowing?(document: RunDocument): boolean;
}

/**
 * Measures, stores and prints; what ended before anything was measured leaves neither a folder nor a report.
 * @throws InterruptedError after printing what was measured; whatever `measure` threw, after storing it
 */
export async function completeMeasurement(
  { folder, progress }: Measurement,
  { measure, end, isWorthShowing = () => false }: MeasurementSteps,
  options: RunOptions,
  { terminal, signal }: Pick<CommandContext, "terminal" | "signal">,
): Promise<RunDocument> {
  let failure: unknown = null;
  try {
    await measure();
  } catch (thrown) {
    failure = signal.aborted
      ? new InterruptedError(`Interrupted; what was measured is in ${folder.path}`)
      : thrown;
  } finally {
    progress.finish();
  }
  const status =
    failure === null ? "complete" : failure instanceof InterruptedError ? "interrupted" : "failed";
  const document = await end(status);
  if (failure !== null && folder.discardIfBare()) {
    if (status === "interrupted") throw nothingMeasured();
    progress.note("Nothing was measured, so nothing is stored");
    throw failure;
  }
  if (failure === null || failure instanceof InterruptedError || isWorthShowing(document)) {
    await deliverRun({ document, folder, options, terminal });
  }
  if (failure !== null) throw failure;
  return document;
}

/** Says where results are, when there are some: a run that is killed has them too. */
export function tellResults(progress: RunProgress): (path: string) => void {
  return (path) => progress.note(`Results are kept in ${path} as they come`);
}

/** Of a run that was stopped so early that it leaves no folder. */
export function nothingMeasured(): InterruptedError {
  return new InterruptedError("Interrupted before anything was measured; nothing is stored");
}

/** Sorts by time, and tells two runs of one second apart. */
export function makeRunId(startedAt: Date, name: string): string {
  const time = startedAt.toISOString().slice(0, 19).replace(/:/g, "-");
  return `${time}-${name}-${randomInt(0x10000).toString(16).padStart(4, "0")}`;
}

export function chooseSeed({ seed }: Scenario): number {
  return seed ?? randomInt(2 ** 32);
}

/** As the scenario says; else half of the processors, for the proxy and the backend want theirs. */
export function generatorThreads({ arms }: Scenario): number {
  return arms[0]?.workload.threads ?? Math.max(1, Math.floor(availableParallelism() / 2));
}
