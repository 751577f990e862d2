/**
 * Keeps the run document in step with a soak: on disk after every window, and on the progress line.
 */

import { memoryGrowth, soakTrends } from "../judge/soak/soak-trends.js";
import { soakWarnings } from "../judge/soak/soak-warnings.js";
import { trendWords } from "../report/soak/soak-words.js";
import { formatPerS, formatSecondsLeft, formatUs } from "../report/words/format.js";
import { withAgents } from "../results/agents.js";
import { finished, toArmResult, toPlacement, withAsides } from "../results/build-document.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import type { Soak } from "../results/soak-schema.js";
import { toSoakUnasked, toWindowResult } from "../results/soak-window-result.js";
import { TrafficTally } from "../results/traffic-schema.js";
import { churnPerS } from "../scenario/churn.js";
import type { SoakObserver, SoakPlan } from "../trial/soak/soak-settings.js";
import { changesNote } from "./changes-note.js";
import type { RunProgress } from "./run-progress.js";

interface SoakParts {
  readonly document: RunDocument;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  readonly plan: SoakPlan;
}

/** Lines that stay, over the whole soak. */
const notes = 10;

export class SoakInProgress implements SoakObserver {
  readonly #parts: SoakParts;
  #document: RunDocument;
  #soak: Soak | null = null;
  readonly #traffic = new TrafficTally();

  constructor(parts: SoakParts) {
    this.#parts = parts;
    this.#document = parts.document;
  }

  begin(): Promise<void> {
    return this.#parts.folder.writeDocument(this.#document);
  }

  progress(...[state]: Parameters<SoakObserver["progress"]>): void {
    // Windows tell of themselves, a few times over the soak: in a log, a line each would be too many.
    const isTold = state.phase === "soak";
    this.#parts.progress.show(isTold && !this.#parts.progress.isLive ? { ...state, block: -1 } : state);
  }

  awaits(...[awaited]: Parameters<NonNullable<SoakObserver["awaits"]>>): void {
    this.#parts.progress.awaits(awaited);
  }

  agents(...[standings]: Parameters<NonNullable<SoakObserver["agents"]>>): void {
    this.#document = withAgents(this.#document, standings);
  }

  sentAside(...[{ plan }, aside, traffic]: Parameters<SoakObserver["sentAside"]>): void {
    this.#traffic.add(plan.name, aside, traffic);
  }

  async planned(...[{ arm, load, placement, engine }]: Parameters<SoakObserver["planned"]>): Promise<void> {
    const { folder, progress, plan } = this.#parts;
    const { connections, churn } = arm.plan.workload;
    this.#document = {
      ...this.#document,
      placement: toPlacement(placement),
      arms: [{ ...toArmResult(arm, load), ...this.#traffic.of(arm.plan.name) }],
    };
    this.#soak = {
      arm: arm.plan.name,
      forS: plan.forS,
      windowS: plan.windowS,
      connections,
      ratePerS: load.ratePerS,
      churnPerS: churn === null ? 0 : churnPerS(churn, connections),
      reconnect: plan.reconnect,
      ...(plan.repeated === null ? {} : { events: [] }),
      windows: [],
      trends: [],
      growth: { bytesPerMessage: null, bytesPerConnection: null },
      failures: [],
      accounting: null,
    };
    if (arm.proxy.configText !== null) await folder.writeConfig(arm.plan.name, arm.proxy.configText);
    const changed = changesNote([{ name: arm.plan.name, changes: arm.proxy.changes }], "--explain");
    if (changed !== null) progress.note(changed);
    const rate = load.ratePerS === null ? "closed loop" : `${formatPerS(load.ratePerS)} messages/s`;
    progress.step(
      `${arm.plan.name}: ${rate} for ${formatSecondsLeft(plan.forS)} in windows of ${plan.windowS} s; engine ${engine}`,
    );
    await this.#write();
  }

  async window(...[window]: Parameters<SoakObserver["window"]>): Promise<void> {
    const { folder, progress } = this.#parts;
    const soak = this.#soak;
    if (soak === null) return;
    const windows = [...soak.windows, toWindowResult(window)];
    const trends = soakTrends(windows);
    this.#soak = { ...soak, windows, trends, growth: memoryGrowth(windows, trends) };
    const all = soak.forS / soak.windowS;
    const tenth = (count: number): number => Math.floor((count * notes) / all + 1e-9);
    if (tenth(windows.length) > tenth(windows.length - 1)) progress.step(lineOf(this.#soak));
    progress.standing(standingOf(this.#soak));
    const { startedAtMs, durationNs, histograms } = window;
    await folder.addHistograms({ arm: soak.arm, histograms, measuredAtMs: startedAtMs, durationNs });
    await this.#write();
  }

  async voided(...[{ index, reason }]: Parameters<SoakObserver["voided"]>): Promise<void> {
    const soak = this.#soak;
    if (soak === null) return;
    const one = { atS: index * soak.windowS, durationS: soak.windowS, reason };
    this.#soak = { ...soak, voidWindows: [...(soak.voidWindows ?? []), one] };
    await this.#write();
  }

  async happened(...[event, atS]: Parameters<SoakObserver["happened"]>): Promise<void> {
    const soak = this.#soak;
    if (soak === null) return;
    this.#soak = { ...soak, events: [...(soak.events ?? []), { atS: Math.round(atS * 1e3) / 1e3, event }] };
    await this.#write();
  }

  async ended(
    ...[{ failures, unasked, proxyLog, misplaced, accounting }]: Parameters<SoakObserver["ended"]>
  ): Promise<void> {
    const soak = this.#soak;
    if (soak === null) return;
    this.#soak = {
      ...soak,
      ...toSoakUnasked(unasked),
      failures: failures.map(({ kind, side, count, example, cause }) => ({
        kind,
        side,
        count,
        example,
        cause,
      })),
      ...(misplaced.length === 0 ? {} : { misplaced: [...misplaced] }),
      accounting,
    };
    await this.#parts.folder.addProxyLog(soak.arm, proxyLog);
    await this.#write();
  }

  async end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument> {
    this.#document = finished(withAsides(this.#document, this.#traffic), status, []);
    await this.#write();
    return this.#document;
  }

  async #write(): Promise<void> {
    const soak = this.#soak;
    if (soak !== null) {
      this.#document = { ...this.#document, soak, warnings: soakWarnings(this.#document, soak) };
    }
    await this.#parts.folder.writeDocument(this.#document);
  }
}

/** What is worth a look while it goes on: what grows or falls, or that nothing does. */
function standingOf({ trends }: Soak): string | null {
  if (trends.length === 0) return null;
  const moving = trends.filter(({ verdict }) => verdict === "grows" || verdict === "falls");
  return moving.length === 0 ? "nothing grows so far" : moving.map(trendWords).join("; ");
}

/** `12:00 min of 2 h …`: one line a tenth. */
function lineOf(soak: Soak): string {
  const last = soak.windows.at(-1);
  const seconds = soak.windows.reduce((sum, { durationS }) => sum + durationS, 0);
  const failures = soak.windows.reduce(
    (sum, { failures: all }) => sum + all.reduce((count, failure) => count + failure.count, 0),
    0,
  );
  const latency = last?.latencyUs.response ?? last?.latencyUs.roundTrip;
  const facts = [
    `${formatPerS(last?.throughputPerS)}/s`,
    `p99 ${formatUs(latency?.p99)}`,
    failures === 0 ? "no failures" : `${failures} failures`,
    ...(standingOf(soak) === null ? [] : [standingOf(soak)]),
  ];
  return `${formatSecondsLeft(seconds)} of ${formatSecondsLeft(soak.forS)}: ${facts.join(", ")}`;
}
