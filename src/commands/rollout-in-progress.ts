/**
 * Keeps the run document in step with a rollout: on disk after every bill, and on the progress line.
 */
import { agentWarnings } from "../judge/agent-warnings.js";
import { compareRollouts } from "../judge/rollout/rollout-comparisons.js";
import { judgeRolloutSlos } from "../judge/rollout/rollout-slos.js";
import { rolloutSentence } from "../report/rollout/rollout-words.js";
import { withAgents } from "../results/agents.js";
import { finished, toArmResult, toPlacement, withAsides } from "../results/build-document.js";
import { toRolloutResult } from "../results/rollout-result.js";
import type { Rollout } from "../results/rollout-schema.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import { TrafficTally } from "../results/traffic-schema.js";
import type { RolloutSlo } from "../scenario/rollout-slo.js";
import type { RolloutObserver, RolloutPlan } from "../trial/rollout/rollout-settings.js";
import { changesNote } from "./changes-note.js";
import type { RunProgress } from "./run-progress.js";

interface RolloutParts {
  readonly document: RunDocument;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  readonly plan: RolloutPlan;
  readonly slos: readonly RolloutSlo[];
}

export class RolloutInProgress implements RolloutObserver {
  readonly #parts: RolloutParts;
  #document: RunDocument;
  readonly #rollouts: Rollout[] = [];
  readonly #traffic = new TrafficTally();

  constructor(parts: RolloutParts) {
    this.#parts = parts;
    this.#document = parts.document;
  }

  begin(): Promise<void> {
    return this.#parts.folder.writeDocument(this.#document);
  }

  progress(...[state]: Parameters<RolloutObserver["progress"]>): void {
    this.#parts.progress.show(state);
  }

  awaits(...[awaited]: Parameters<NonNullable<RolloutObserver["awaits"]>>): void {
    this.#parts.progress.awaits(awaited);
  }

  agents(...[standings]: Parameters<NonNullable<RolloutObserver["agents"]>>): void {
    this.#document = withAgents(this.#document, standings);
  }

  sentAside(...[{ plan }, aside, traffic]: Parameters<RolloutObserver["sentAside"]>): void {
    this.#traffic.add(plan.name, aside, traffic);
  }

  async planned(...[{ arms, placement, engine }]: Parameters<RolloutObserver["planned"]>): Promise<void> {
    const { folder, progress, plan } = this.#parts;
    const { ratePerS } = plan;
    this.#document = {
      ...this.#document,
      placement: toPlacement(placement),
      arms: arms.map((arm) =>
        toArmResult(arm, { ratePerS, saturatedPerS: null, warmupS: 0, durationS: plan.beforeS }),
      ),
    };
    for (const { plan: arm, proxy } of arms) {
      if (proxy.configText !== null) await folder.writeConfig(arm.name, proxy.configText);
    }
    const changed = changesNote(
      arms.map(({ plan, proxy }) => ({ name: plan.name, changes: proxy.changes })),
      "--explain",
    );
    if (changed !== null) progress.note(changed);
    progress.step(`${ratePerS} messages/s; engine ${engine}`);
    await this.#write();
  }

  async rolled(...[record]: Parameters<RolloutObserver["rolled"]>): Promise<void> {
    const rollout = toRolloutResult(record);
    this.#rollouts.push(rollout);
    const { lead, rest } = rolloutSentence(rollout);
    this.#parts.progress.step(`${rollout.arm}, clients ${rollout.reconnect}: ${lead}${rest}`);
    await this.#parts.folder.addProxyLog(rollout.arm, record.proxyLog);
    await this.#write();
  }

  async end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument> {
    this.#document = finished(withAsides(this.#document, this.#traffic), status, []);
    await this.#write();
    return this.#document;
  }

  async #write(): Promise<void> {
    const { slos, folder, plan } = this.#parts;
    if (this.#rollouts.length > 0) {
      const arms = this.#document.arms.map(({ name }) => name);
      const rolloutComparisons = compareRollouts(arms, this.#rollouts);
      const placeOf = ({ block, reconnect, arm }: Rollout): number =>
        (block * plan.reconnect.length + plan.reconnect.indexOf(reconnect)) * arms.length + arms.indexOf(arm);
      this.#document = {
        ...this.#document,
        rollouts: this.#rollouts.toSorted((a, b) => placeOf(a) - placeOf(b)),
        warnings: agentWarnings(this.#document, "whole"),
        ...(rolloutComparisons.length === 0 ? {} : { rolloutComparisons }),
        ...(slos.length === 0 ? {} : { slo: judgeRolloutSlos(slos, this.#rollouts) }),
      };
    }
    await folder.writeDocument(this.#document);
  }
}
