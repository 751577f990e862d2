/**
 * One run from scenario to report: what `run`, `compare` and `demo` share.
 */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { EnvironmentError, InterruptedError } from "../base/errors.js";
import { createRunJudge, type RunJudge } from "../judge/judge-run.js";
import { runWarnings } from "../judge/run-warnings.js";
import { renderHtmlReport } from "../report/html/render-html-report.js";
import { createDocument, finished, toArmResult, toPlacement, withTrial } from "../results/build-document.js";
import { readRun } from "../results/read-run.js";
import type { RunDocument } from "../results/run-document.js";
import { createRunFolder, type RunFolder } from "../results/run-folder.js";
import type { Scenario } from "../scenario/scenario.js";
import { runSeries } from "../trial/run-series.js";
import type { SeriesObserver } from "../trial/series.js";
import { printRun } from "./print-run.js";
import { createRunProgress, type RunProgress } from "./run-progress.js";
import type { Terminal } from "./terminal.js";

export interface RunOptions {
  readonly out: string;
  readonly json: boolean;
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
  const judge = createRunJudge(scenario);
  const run = new RunInProgress(
    createDocument({ runId, startedAt, seed, scenario }),
    folder,
    judge,
    progress,
  );
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
  const document = await run.end(status);
  if (failure === null || failure instanceof InterruptedError) {
    await leaveReport(folder, options.out, terminal);
    printRun(document, folder.path, options, terminal);
  }
  if (failure !== null) throw failure;
}

/** What was measured is stored by now: a report that cannot be made is said and no reason to fail. */
async function leaveReport(folder: RunFolder, out: string, { stderr }: Terminal): Promise<void> {
  try {
    await folder.writeReport(renderHtmlReport(readRun(folder.path, out)));
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    stderr.write(`No report.html: ${thrown.message}\n`);
  }
}

/** `on, off: paced at 7,500/s, 30 % of 25,000/s; at most 20 blocks`. */
function planInWords({ arms, plan }: RunDocument): string {
  const loads = new Map<string, string[]>();
  for (const { name, ratePerS, saturatedPerS } of arms) {
    const share =
      saturatedPerS === null ? "" : `, of ${Math.round(saturatedPerS).toLocaleString("en")}/s carried`;
    const load =
      ratePerS === null ? "closed loop" : `open loop at ${ratePerS.toLocaleString("en")}/s${share}`;
    loads.set(load, [...(loads.get(load) ?? []), name]);
  }
  const words = [...loads].map(([load, names]) => `${names.join(", ")}: ${load}`);
  return `${words.join("; ")}; at most ${plan?.blocks} blocks`;
}

/** Sorts by time, and tells two runs of one second apart. */
export function makeRunId(startedAt: Date, name: string): string {
  const time = startedAt.toISOString().slice(0, 19).replace(/:/g, "-");
  return `${time}-${name}-${randomInt(0x10000).toString(16).padStart(4, "0")}`;
}

/** Keeps the run document in step with the series, on disk and on the progress line. */
class RunInProgress implements SeriesObserver {
  #document: RunDocument;
  readonly #folder: RunFolder;
  readonly #judge: RunJudge;
  readonly #progress: RunProgress;

  constructor(document: RunDocument, folder: RunFolder, judge: RunJudge, progress: RunProgress) {
    this.#document = document;
    this.#folder = folder;
    this.#judge = judge;
    this.#progress = progress;
  }

  begin(): Promise<void> {
    return this.#folder.writeDocument(this.#document);
  }

  progress(...[state]: Parameters<SeriesObserver["progress"]>): void {
    this.#progress.show(state);
  }

  async planned(...[settled]: Parameters<SeriesObserver["planned"]>): Promise<void> {
    const { arms, calibration, blocks, placement, engine } = settled;
    const { looks, fractions, alpha, alphaEq, minBlocks } = this.#judge.plan;
    const plan = { blocks, looks: [...looks], fractions: [...fractions], alpha, alphaEq, minBlocks };
    const results = arms.map((arm) => toArmResult(arm, calibration.loadOf(arm)));
    this.#document = { ...this.#document, plan, placement: toPlacement(placement), arms: results };
    this.#progress.note(`${planInWords(this.#document)}; engine ${engine}`);
    for (const { plan, proxy } of arms) {
      if (proxy.configText !== null) await this.#folder.writeConfig(plan.name, proxy.configText);
      for (const change of proxy.changes) this.#progress.note(`${plan.name}: ${change}`);
    }
    await this.#folder.writeDocument(this.#document);
  }

  async measured(...[record]: Parameters<SeriesObserver["measured"]>): Promise<void> {
    this.#document = withTrial(this.#document, record);
    this.#document = { ...this.#document, warnings: runWarnings(this.#document) };
    await this.#folder.addTrial(record);
    await this.#folder.writeDocument(this.#document);
  }

  isEnough(): boolean {
    const enough = this.#judge.judge(this.#document.arms, { ended: false });
    this.#progress.standing(this.#judge.comparisons());
    return enough;
  }

  async end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument> {
    if (this.#document.arms.length > 0) this.#judge.judge(this.#document.arms, { ended: true });
    const document = finished(this.#document, status, this.#judge.comparisons());
    const complete = { ...document, warnings: runWarnings(document) };
    await this.#folder.writeDocument(complete);
    return complete;
  }
}
