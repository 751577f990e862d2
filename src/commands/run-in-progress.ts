/**
 * Keeps the run document in step with a series: on disk, with the judge, and on the progress line.
 */

import { dirname } from "node:path";
import { monotonicClock } from "../base/clock.js";
import { baselineMoved } from "../judge/history/baseline-moved.js";
import { createRunJudge, type RunJudge } from "../judge/series/judge-run.js";
import { matrixEffects } from "../judge/series/matrix-effects.js";
import { noiseFloor } from "../judge/series/noise-floor.js";
import { blocksForPrecision, halfWidth } from "../judge/series/precision.js";
import { roomWarnings, runWarnings } from "../judge/series/run-warnings.js";
import { evaluateSlos } from "../judge/slo.js";
import { withStalls } from "../judge/stalls.js";
import { voidBlocks } from "../judge/void-blocks.js";
import { standingWords } from "../report/progress/standing-words.js";
import { formatSeconds } from "../report/words/format.js";
import { withShortNames } from "../report/words/short-names.js";
import { withAgents } from "../results/agents.js";
import { finished, toArmResult, toPlacement, withAsides, withTrial } from "../results/build-document.js";
import type { Comparison } from "../results/comparison-schema.js";
import { findEarlierRun } from "../results/earlier-run.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import { TrafficTally } from "../results/traffic-schema.js";
import type { Scenario } from "../scenario/scenario.js";
import type { SeriesObserver } from "../trial/series.js";
import { changesNote } from "./changes-note.js";
import type { RunProgress } from "./run-progress.js";

interface RunParts {
  readonly scenario: Scenario;
  readonly document: RunDocument;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
}

export class RunInProgress implements SeriesObserver {
  #document: RunDocument;
  readonly #scenario: Scenario;
  readonly #folder: RunFolder;
  readonly #judge: RunJudge;
  readonly #progress: RunProgress;
  readonly #traffic = new TrafficTally();
  #firstBlockNs = 0;

  constructor({ scenario, document, folder, progress }: RunParts) {
    this.#document = document;
    this.#scenario = scenario;
    this.#folder = folder;
    this.#judge = createRunJudge(scenario);
    this.#progress = progress;
  }

  /** As far as it is. */
  get document(): RunDocument {
    return this.#document;
  }

  begin(): Promise<void> {
    return this.#folder.writeDocument(this.#document);
  }

  progress(...[state]: Parameters<SeriesObserver["progress"]>): void {
    this.#progress.show(state);
  }

  sentAside(...[{ plan }, aside, traffic]: Parameters<SeriesObserver["sentAside"]>): void {
    this.#traffic.add(plan.name, aside, traffic);
  }

  async planned(...[settled]: Parameters<SeriesObserver["planned"]>): Promise<void> {
    const { arms, calibration, blocks, realTime, engine } = settled;
    const { proxies: proxyRealTime, ends: endsRealTime } = realTime;
    const placement = { ...toPlacement(settled.placement), proxyRealTime, endsRealTime };
    const { looks, fractions, fractionsEq, alpha, alphaEq, minBlocks } = this.#judge.plan;
    const shares = { fractions: [...fractions], fractionsEq: [...fractionsEq] };
    const levels = { looks: [...looks], ...shares, alpha, alphaEq, minBlocks };
    const plan = { blocks, ...sharingOf(settled), ...levels };
    const results = arms.map((arm) => toArmResult(arm, calibration.loadOf(arm)));
    this.#document = withAsides({ ...this.#document, plan, placement, arms: results }, this.#traffic);
    this.#progress.step(`${planInWords(this.#document)}; engine ${engine}`);
    for (const { plan, proxy } of arms) {
      if (proxy.configText !== null) await this.#folder.writeConfig(plan.name, proxy.configText);
    }
    const changed = changesNote(
      arms.map(({ plan, proxy }) => ({ name: plan.name, changes: proxy.changes })),
      "--explain",
    );
    if (changed !== null) this.#progress.note(changed);
    for (const { message } of roomWarnings(this.#document)) this.#progress.note(message);
    await this.#folder.writeDocument(this.#document);
    this.#firstBlockNs = monotonicClock.now();
  }

  awaits(...[awaited]: Parameters<NonNullable<SeriesObserver["awaits"]>>): void {
    this.#progress.awaits(awaited);
  }

  agents(...[standings]: Parameters<NonNullable<SeriesObserver["agents"]>>): void {
    this.#document = withAgents(this.#document, standings);
  }

  async measured(...[record]: Parameters<SeriesObserver["measured"]>): Promise<void> {
    this.#document = withTrial(this.#document, record);
    this.#document = {
      ...this.#document,
      arms: withStalls(this.#document.arms),
      warnings: runWarnings(this.#document),
    };
    await this.#folder.addTrial(record);
    await this.#folder.writeDocument(this.#document);
  }

  isEnough(blocksDone: number): boolean {
    const enough = this.#judge.judge(this.#document.arms, { ended: false });
    this.#progress.standing(this.#standing(blocksDone));
    return enough || voidBlocks(this.#document) !== null;
  }

  async end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument> {
    if (this.#document.arms.length > 0) this.#judge.judge(this.#document.arms, { ended: true });
    this.#document = withAsides(this.#document, this.#traffic);
    const readings = this.#judge.readings();
    const document = {
      ...finished(this.#document, status, this.#judge.comparisons()),
      ...(readings.length === 0 ? {} : { readings }),
      ...this.#summaries(),
    };
    const earlier = findEarlierRun(dirname(this.#folder.path), document);
    const moved = earlier === null ? [] : baselineMoved(document, earlier);
    const complete = { ...document, warnings: [...runWarnings(document), ...moved] };
    await this.#folder.writeDocument(complete);
    return complete;
  }

  /** What SLOs, a matrix and an A/A run add to the comparisons. */
  #summaries(): Pick<RunDocument, "effects" | "aa" | "slo"> {
    const { arms } = this.#document;
    const { aa, axes, slos } = this.#scenario;
    const isMatrix = axes.filter(({ values }) => values.length > 1).length > 1;
    return {
      ...(isMatrix ? { effects: matrixEffects(this.#scenario, arms) } : {}),
      ...(slos.length === 0 ? {} : { slo: evaluateSlos(slos, arms) }),
      ...(aa === null ? {} : { aa: noiseFloor({ aa, arms, comparisons: this.#judge.comparisons() }) }),
    };
  }

  #standing(blocks: number): string | null {
    const { precision } = this.#scenario;
    const need = (comparison: Comparison) => {
      const width = halfWidth(comparison);
      const needed = blocksForPrecision(comparison, comparison.blocks, precision ?? 1);
      return width === null || needed === null ? null : { width, blocks: needed };
    };
    const judged = { ...this.#document, comparisons: this.#judge.comparisons() };
    return standingWords({
      comparisons: withShortNames(judged).comparisons,
      blocks,
      looks: this.#judge.plan.looks.filter((look) => look <= (this.#document.plan?.blocks ?? 0)),
      nextLook: this.#judge.nextLook(),
      precision,
      secondsPerBlock: (monotonicClock.now() - this.#firstBlockNs) / 1e9 / blocks,
      need,
    });
  }
}

/** More names than this say nothing that the report does not say better. */
const namesShown = 4;

/** `on, off: open loop at 5,700/s, of 48,000/s carried; at most 20 blocks; engine epoll`. */
function planInWords({ arms, plan }: RunDocument): string {
  const loads = new Map<string, string[]>();
  for (const { name, ratePerS, saturatedPerS } of arms) {
    const share =
      saturatedPerS === null ? "" : `, of ${Math.round(saturatedPerS).toLocaleString("en")}/s carried`;
    const load =
      ratePerS === null ? "closed loop" : `open loop at ${ratePerS.toLocaleString("en")}/s${share}`;
    loads.set(load, [...(loads.get(load) ?? []), name]);
  }
  const words = [...loads].map(
    ([load, names]) => `${names.length > namesShown ? `${names.length} arms` : names.join(", ")}: ${load}`,
  );
  const shared = plan?.slotS === undefined ? "" : `, shared in slots of ${formatSeconds(plan.slotS)}`;
  const alone = plan?.whyBlocks === undefined ? "" : `, not in slots, for ${plan.whyBlocks}`;
  return `${words.join("; ")}; at most ${plan?.blocks} ${plan?.blocks === 1 ? "block" : "blocks"}${shared}${alone}`;
}

/** How the arms of a block share its time. */
function sharingOf({
  slotS,
  whyBlocks,
}: Parameters<SeriesObserver["planned"]>[0]): Pick<NonNullable<RunDocument["plan"]>, "slotS" | "whyBlocks"> {
  return { ...(slotS === null ? {} : { slotS }), ...(whyBlocks === null ? {} : { whyBlocks }) };
}
