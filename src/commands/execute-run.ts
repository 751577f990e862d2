/**
 * One run from scenario to report: what `run`, `compare` and `demo` share.
 */

import type { RunDocument } from "../results/run-document.js";
import type { Scenario } from "../scenario/scenario.js";
import { runSeries } from "../trial/run-series.js";
import { crewOf } from "./crew-of.js";
import { completeMeasurement, openMeasurement } from "./measurement.js";
import { recallRuns } from "./remember-run.js";
import { requireSlos } from "./require-slos.js";
import { RunInProgress } from "./run-in-progress.js";
import type { RunOptions } from "./run-options.js";
import type { Terminal } from "./terminal.js";

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
  const measurement = await openMeasurement(scenario, options, terminal);
  const { seed, threads, folder, progress, document } = measurement;
  const memory = recallRuns(document, options.out);
  const run = new RunInProgress({ scenario, document, folder, progress });
  const question = asSentence(scenario.description ?? "arms compared");
  progress.note(`${scenario.name}: ${question} Seed ${seed}`);
  for (const note of memory.notes) progress.note(note);
  const steps = {
    async measure() {
      await run.begin();
      const agents = crewOf(options, document);
      await runSeries({ scenario, seed, threads, agents, observer: run, signal });
    },
    // What agents have measured before too many were lost is what there is.
    isWorthShowing: (ended: RunDocument) => hasMeasured(ended) && ended.environment.agents !== undefined,
    end: async (status: RunStatus) => memory.keep(await run.end(status), folder),
  };
  requireSlos(await completeMeasurement(measurement, steps, options, { terminal, signal }));
}

function hasMeasured({ arms }: RunDocument): boolean {
  return arms.some(({ trials }) => trials.length > 0);
}

/** Ends as a sentence does, for another follows. */
function asSentence(text: string): string {
  return /[.!?:;…]\s*$/.test(text) ? text.trimEnd() : `${text.trimEnd()}.`;
}

type RunStatus = Parameters<RunInProgress["end"]>[0];
