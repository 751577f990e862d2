/**
 * One series of a gate: it ends when the judge has seen enough, or before its time is up.
 */
import { InterruptedError } from "../../base/errors.js";
import { gateFailures } from "../../judge/gate/judge-gate.js";
import { createDocument } from "../../results/build-document.js";
import type { RunDocument } from "../../results/run-document.js";
import type { RunFolder } from "../../results/run-folder.js";
import type { Scenario } from "../../scenario/scenario.js";
import { runSeries } from "../../trial/run-series.js";
import type { SeriesObserver } from "../../trial/series.js";
import { chooseSeed, generatorThreads, nothingMeasured } from "../measurement.js";
import { RunInProgress } from "../run-in-progress.js";
import type { RunProgress } from "../run-progress.js";
import { assertConfined } from "./assert-confined.js";
import type { GateBudget } from "./gate-budget.js";

interface GateSeriesSettings {
  readonly scenario: Scenario;
  readonly runId: string;
  readonly startedAt: Date;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  readonly budget: GateBudget;
  readonly signal: AbortSignal;
}

/** A block may take so much longer than those before it. */
const blockSlack = 1.15;

/**
 * @returns the document with whatever was measured when the time was up
 * @throws InterruptedError, UsageError or EnvironmentError after storing what was measured
 */
export async function runGateSeries(settings: GateSeriesSettings): Promise<RunDocument> {
  const { runId, startedAt, folder, progress, budget, signal } = settings;
  assertConfined(settings.scenario.arms);
  const scenario = { ...settings.scenario, maxSeconds: budget.leftMs() / 1000 };
  const seed = chooseSeed(scenario);
  const run = new RunInProgress({
    scenario,
    document: createDocument({ runId, startedAt, seed, scenario }),
    folder,
    progress,
  });
  const threads = generatorThreads(scenario);
  const untilThen = AbortSignal.any([signal, budget.signal]);
  try {
    await run.begin();
    await runSeries({ scenario, seed, threads, observer: withinBudget(run, budget), signal: untilThen });
  } catch (thrown) {
    if (signal.aborted) {
      await run.end("interrupted");
      if (folder.discardIfBare()) throw nothingMeasured();
      throw new InterruptedError(`Interrupted; what was measured is in ${folder.path}`);
    }
    // The time that was up is an end like any other: what was measured until then counts.
    if (!budget.signal.aborted) {
      await run.end("failed");
      folder.discardIfBare();
      throw thrown;
    }
  } finally {
    progress.finish();
  }
  return run.end("complete");
}

/** Ends before a block that would not fit any more, and at a look where failures alone decide. */
function withinBudget(
  run: SeriesObserver & Pick<RunInProgress, "document">,
  budget: GateBudget,
): SeriesObserver {
  let leftAtFirstMs = 0;
  return {
    progress: (state) => run.progress(state),
    sentAside: (...sent) => run.sentAside(...sent),
    async planned(plan) {
      await run.planned(plan);
      leftAtFirstMs = budget.leftMs();
    },
    measured: (record) => run.measured(record),
    isEnough(blocksDone) {
      if (run.isEnough(blocksDone)) return true;
      const blockMs = (leftAtFirstMs - budget.leftMs()) / blocksDone;
      if (budget.leftMs() < blockMs * blockSlack) return true;
      const isLook = run.document.plan?.looks.includes(blocksDone) ?? false;
      return isLook && gateFailures(run.document).length > 0;
    },
  };
}
