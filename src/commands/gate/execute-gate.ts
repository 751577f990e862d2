/**
 * A gate from its question to its exit code: fetch, probe, measure, judge, report, all within the budget.
 */
import { createWorkspace } from "../../base/workspace.js";
import { gateNoise } from "../../judge/gate/gate-noise.js";
import { judgeGate, toCause } from "../../judge/gate/judge-gate.js";
import { rolloutRegressions } from "../../judge/gate/rollout-regressions.js";
import { adviceReasons, gateReasons } from "../../report/gate/gate-reasons.js";
import { withTags } from "../../results/build-document.js";
import type { GateResult } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { createRunFolder, type RunFolder } from "../../results/run-folder.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { WorkloadInput } from "../../scenario/workload.js";
import { deliverRun } from "../deliver-run.js";
import { makeRunId, tellResults } from "../measurement.js";
import { rememberGate } from "../remember-run.js";
import type { RunOptions } from "../run-options.js";
import { createRunProgress, type RunProgress } from "../run-progress.js";
import { type CommandContext, isReadTogether } from "../terminal.js";
import { type GateBudget, startBudget } from "./gate-budget.js";
import {
  conclude,
  type EndSettings,
  type GateEnd,
  judged,
  type Seen,
  storedPairs,
  unmeasured,
} from "./gate-end.js";
import { defaultBudgetS, type GateSettings } from "./gate-flags.js";
import { gateScenario } from "./gate-scenario.js";
import { runGateSeries } from "./gate-series.js";
import { fetchSides, type GateQuestion, type GateSides } from "./gate-sides.js";
import {
  createPrivateNames,
  errorWithNames,
  folderWithNames,
  type PrivateNames,
  progressWithNames,
} from "./private-names.js";
import { type ProbedPair, type ProbeSettings, probePairs } from "./probe-sides.js";
import { rolloutsOf } from "./roll-out-sides.js";
import { whatToMeasure } from "./what-to-measure.js";

/** An export has so long, however little the budget leaves. */
const exportTimeoutMsMin = 1000;

interface GateRequest {
  readonly question: GateQuestion;
  readonly settings: GateSettings;
  readonly workload: WorkloadInput;
  readonly output: RunOptions;
}

/**
 * @throws FaultsFoundError or InconclusiveError after the report; UsageError or EnvironmentError when it could not go on
 */
export async function executeGate(
  request: GateRequest,
  { terminal, signal, startedMs }: CommandContext,
): Promise<void> {
  const { question, settings, workload, output } = request;
  const budgetS = settings.budgetS ?? question.input.workload?.maxSeconds ?? defaultBudgetS;
  const budget = startBudget(budgetS, startedMs);
  const names = createPrivateNames();
  const workspace = await createWorkspace();
  const progress = progressWithNames(createRunProgress(terminal), names);
  try {
    const sides = await fetchSides(question, { workspace, names, workload, ...settings, signal });
    const scenario = gateScenario({ ...question, input: sides.input }, settings, sides.workload);
    const startedAt = new Date();
    const runId = makeRunId(startedAt, scenario.name);
    const folder = folderWithNames(await createRunFolder(output.out, runId, tellResults(progress)), names);
    const run = {
      ...request,
      workload: sides.workload,
      sides,
      scenario,
      budget,
      startedAt,
      runId,
      folder,
      progress,
      names,
      signal,
      probes: [],
    };
    const { document, gate } = await runGate(run).catch((thrown) => {
      folder.discardIfBare();
      throw thrown;
    });
    const reasons = [...gate.reasons, ...adviceReasons(gate.pairs)];
    const complete = names.showAll({
      ...withTags(document, output.tags),
      gate: { ...gate, reasons, probes: run.probes },
    });
    await folder.writeDocument(complete);
    progress.finish();
    rememberGate(complete, output.out, terminal);
    const leftMs = budget.seconds * 1000 - budget.usedMs();
    await deliverRun({
      document: complete,
      folder,
      options: output,
      terminal,
      exportTimeoutMs: Math.max(exportTimeoutMsMin, leftMs),
    });
    conclude(complete.gate, isReadTogether(terminal) && !output.json);
  } catch (thrown) {
    throw thrown instanceof Error ? errorWithNames(thrown, names) : thrown;
  } finally {
    budget.release();
    progress.finish();
    await workspace.remove();
  }
}

interface GateRun extends GateRequest, EndSettings {
  readonly settings: GateSettings;
  readonly sides: GateSides;
  readonly scenario: Scenario;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  readonly names: PrivateNames;
  readonly probes: NonNullable<GateResult["probes"]>;
  readonly signal: AbortSignal;
}

async function runGate(run: GateRun): Promise<GateEnd> {
  const { scenario, sides, budget, progress, signal, settings } = run;
  progress.note(`${scenario.name}: ${budget.seconds} s for everything`);
  for (const name of sides.newAt) progress.note(`${name}: not there yet: the candidate stands alone`);
  const until = AbortSignal.any([signal, budget.signal]);
  const note = (line: string): void => progress.note(line);
  let pairs: readonly ProbedPair[];
  try {
    const { configs } = sides;
    const probed: ProbeSettings["probed"] = (arm, sent) => void run.probes.push({ arm, ...sent });
    pairs = await probePairs({ scenario, configs, signal: until, note, probed });
  } catch (thrown) {
    if (signal.aborted || !budget.signal.aborted) throw thrown;
    const because = "the budget ended before the probes did";
    return undecided(run, { pairs: [], cutShort: true, because, rollouts: [] });
  }
  const toMeasure = whatToMeasure(run, pairs);
  if (typeof toMeasure === "string") {
    progress.note(`nothing is measured, for ${toMeasure}`);
    return undecided(run, { pairs, cutShort: false, because: toMeasure, rollouts: [] });
  }
  const rollouts = await rolloutsOf(run, toMeasure, until);
  if (rollouts === null)
    return undecided(run, {
      pairs,
      cutShort: true,
      because: "the budget ended during the rollout",
      rollouts: [],
    });
  if (rolloutRegressions(pairs, rollouts).length > 0) {
    const because = "the rollout decides";
    progress.note(`nothing more is measured, for ${because}`);
    return undecided(run, { pairs, cutShort: false, because, rollouts });
  }
  const { document: first, cutShort } = await measure(run, toMeasure, {
    runId: run.runId,
    folder: run.folder,
    budget: settings.confirm ? budget.firstPart(0.5) : budget,
  });
  const isBare = first.arms.every(({ trials }) => trials.length === 0);
  const unmeasuredBecause = isBare ? "the budget ended before the first trial did" : null;
  const end = judged(run, first, { pairs, cutShort, unmeasuredBecause, rollouts });
  return settings.confirm ? confirm(run, end, { toMeasure, pairs }) : end;
}

/** A gate without trials. */
function undecided(
  run: GateRun,
  { because, ...seen }: Omit<Seen, "unmeasuredBecause"> & { readonly because: string },
): GateEnd {
  return judged(run, unmeasured(run, run.scenario), { ...seen, unmeasuredBecause: because });
}

interface Part {
  readonly runId: string;
  readonly folder: RunFolder;
  readonly budget: GateBudget;
}

async function measure(
  { startedAt, progress, signal }: GateRun,
  scenario: Scenario,
  { runId, folder, budget }: Part,
): Promise<{ readonly document: RunDocument; readonly cutShort: boolean }> {
  try {
    const document = await runGateSeries({ scenario, runId, startedAt, folder, progress, budget, signal });
    const cutShort = document.arms.length === 0 || document.arms.some(({ trials }) => trials.length === 0);
    return { document, cutShort };
  } finally {
    budget.release();
  }
}

/** What failed a series must fail a second, fresh one as well. */
async function confirm(
  run: GateRun,
  end: GateEnd,
  { toMeasure, pairs }: { readonly toMeasure: Scenario; readonly pairs: readonly ProbedPair[] },
): Promise<GateEnd> {
  const { output, budget, progress, names } = run;
  if (end.gate.outcome !== "failed") return end;
  progress.note("the first series failed: a second, fresh one is to confirm it");
  const runId = `${run.runId}-again`;
  const folder = folderWithNames(await createRunFolder(output.out, runId), names);
  const seed = toMeasure.seed === null ? null : toMeasure.seed + 1;
  const again = await measure(run, { ...toMeasure, seed }, { runId, folder, budget });
  const { outcome, evidence } = judgeGate(again.document, storedPairs(pairs), { cutShort: again.cutShort });
  const noise = gateNoise(again.document);
  const facts = {
    document: again.document,
    pairs,
    noise,
    failOn: run.settings.failOn,
    budgetS: budget.seconds,
  };
  const reasons = gateReasons({ outcome, evidence }, facts);
  const confirmation = { runId, outcome, reasons };
  const usedS = run.budget.usedMs() / 1000;
  if (outcome === "failed") {
    const confirmed = [
      ...end.gate.reasons,
      `a second series (${runId}) failed as well: ${reasons.join("; ")}`,
    ];
    return { ...end, gate: { ...end.gate, reasons: confirmed, usedS, confirmation } };
  }
  const words = `a second series (${runId}) did not confirm it: ${outcome}`;
  return {
    ...end,
    gate: {
      ...end.gate,
      usedS,
      outcome,
      reasons: [words, ...end.gate.reasons.map((reason) => `the first series: ${reason}`), ...reasons],
      causes: [{ kind: "not-confirmed", candidate: null, about: null }, ...evidence.map(toCause)],
      confirmation,
    },
  };
}
