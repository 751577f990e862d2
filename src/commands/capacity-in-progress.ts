/**
 * Keeps the run document in step with a capacity search: on disk after every step, and on the progress line.
 */

import { capacityPlan } from "../judge/capacity/capacity-plan.js";
import { capacityWarnings } from "../judge/capacity/capacity-warnings.js";
import { judgeStep } from "../judge/capacity/judge-step.js";
import { posteriorOf, summariseArm } from "../judge/capacity/summarise-capacity.js";
import { workerScaling } from "../judge/capacity/worker-scaling.js";
import { drivers } from "../proxy/drivers.js";
import { stepLine, stormLine } from "../report/capacity/capacity-words.js";
import { withAgents } from "../results/agents.js";
import { finished, toArmResult, toPlacement, withAsides } from "../results/build-document.js";
import type { Capacity, CapacityStepResult } from "../results/capacity-schema.js";
import { toStepResult } from "../results/capacity-step-result.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import type { Storm } from "../results/storm-schema.js";
import { TrafficTally } from "../results/traffic-schema.js";
import { toTrialResult } from "../results/trial-result.js";
import type { ArmTarget } from "../scenario/arm.js";
import type { PlanWish } from "../scenario/plan-wish.js";
import { workersLine } from "../scenario/proxy-kind.js";
import type { Slo } from "../scenario/slo.js";
import { capacityRatio } from "../stats/capacity-posterior.js";
import type { CapacityArm, CapacityObserver } from "../trial/capacity/capacity-observer.js";
import { readMachineLimits } from "../trial/check-limits.js";
import { changesNote } from "./changes-note.js";
import type { RunProgress } from "./run-progress.js";

interface CapacityParts {
  readonly document: RunDocument;
  readonly folder: RunFolder;
  readonly progress: RunProgress;
  readonly slos: readonly Slo[];
  readonly wish: PlanWish | null;
  readonly search: Pick<Capacity, "by" | "holdS" | "mostConnections">;
  /** Whether costs were asked for. */
  readonly costs: boolean;
}

export class CapacityInProgress implements CapacityObserver {
  #document: RunDocument;
  #arms: readonly CapacityArm[] = [];
  #isCutShort = false;
  readonly #steps: CapacityStepResult[][] = [];
  readonly #storms: Storm[] = [];
  readonly #traffic = new TrafficTally();
  readonly #parts: CapacityParts;

  constructor(parts: CapacityParts) {
    this.#document = parts.document;
    this.#parts = parts;
  }

  begin(): Promise<void> {
    return this.#parts.folder.writeDocument(this.#document);
  }

  progress(...[state]: Parameters<CapacityObserver["progress"]>): void {
    this.#parts.progress.show(state);
  }

  awaits(...[awaited]: Parameters<NonNullable<CapacityObserver["awaits"]>>): void {
    this.#parts.progress.awaits(awaited);
  }

  agents(...[standings]: Parameters<NonNullable<CapacityObserver["agents"]>>): void {
    this.#document = withAgents(this.#document, standings);
  }

  sentAside(...[{ plan }, aside, traffic]: Parameters<CapacityObserver["sentAside"]>): void {
    this.#traffic.add(plan.name, aside, traffic);
  }

  async planned(...[start]: Parameters<CapacityObserver["planned"]>): Promise<void> {
    const { folder, progress } = this.#parts;
    const isFirst = this.#arms.length === 0;
    this.#arms = start.arms;
    this.#document = {
      ...this.#document,
      placement: toPlacement(start.placement),
      arms: start.arms.map(({ arm }) => toArmResult(arm, noLoad)),
    };
    for (const { arm } of start.arms) {
      if (arm.proxy.configText !== null) await folder.writeConfig(arm.plan.name, arm.proxy.configText);
    }
    if (isFirst) {
      const changed = changesNote(
        start.arms.map(({ arm }) => ({ name: arm.plan.name, changes: arm.proxy.changes })),
        "--explain",
      );
      if (changed !== null) progress.note(changed);
      progress.step(`engine ${start.engine}`);
    }
    await this.#write();
  }

  judge(...[kind, record]: Parameters<CapacityObserver["judge"]>): ReturnType<CapacityObserver["judge"]> {
    return judgeStep(kind, this.#parts.slos, toTrialResult(record));
  }

  async measured(...[step]: Parameters<CapacityObserver["measured"]>): Promise<void> {
    const { folder, progress } = this.#parts;
    const result = toStepResult(step);
    const index = this.#arms.findIndex(({ arm }) => arm.plan.name === step.arm);
    this.#steps[index] = [...(this.#steps[index] ?? []), result];
    progress.step(stepLine(step.arm, result));
    await folder.addTrial(step.record);
    await this.#write();
  }

  async stormed(...[arm, round]: Parameters<CapacityObserver["stormed"]>): Promise<void> {
    const index = this.#arms.findIndex(({ arm: one }) => one.plan.name === arm.plan.name);
    const { opening, restart, traffic } = round;
    const kept = { opening, restart: { ...restart, failures: [...restart.failures] }, traffic };
    this.#storms[index] = {
      connections: arm.plan.workload.connections,
      rounds: [...(this.#storms[index]?.rounds ?? []), kept],
    };
    this.#parts.progress.step(stormLine(arm.plan.name, kept));
    await this.#write();
  }

  cutShort(): void {
    this.#isCutShort = true;
  }

  async end(status: "complete" | "interrupted" | "failed"): Promise<RunDocument> {
    this.#document = finished(this.#document, status, []);
    await this.#write();
    return this.#document;
  }

  async #write(): Promise<void> {
    const capacity = this.#capacity();
    if (capacity !== null) {
      const warnings = capacityWarnings(this.#document, capacity, {
        isCutShort: this.#isCutShort,
        costs: this.#parts.costs,
      });
      this.#document = { ...this.#document, capacity, warnings };
    }
    this.#document = withAsides(this.#document, this.#traffic);
    await this.#parts.folder.writeDocument(this.#document);
  }

  #capacity(): Capacity | null {
    const { search, slos, wish } = this.#parts;
    const all = this.#arms.map(({ arm, workers, foretold }, index) => ({
      ...summariseArm({
        arm: arm.plan.name,
        workers,
        workersDirective: workersDirective(arm.plan.target, workers),
        foretold,
        mostConnections: search.mostConnections,
        steps: this.#steps[index] ?? [],
      }),
      storm: this.#storms[index] ?? null,
    }));
    const [first, ...others] = all;
    if (first === undefined) return null;
    const { arms: planned } = this.#document.scenario;
    const scalability = workerScaling(planned, all);
    return {
      ...first,
      ...search,
      slo: slos.map(({ metric, operator, expression }) =>
        expression.startsWith(metric) ? expression : `${metric} ${operator} ${limitOf(expression)}`,
      ),
      others,
      ratios: this.#ratios(),
      scalability,
      plan:
        wish === null
          ? null
          : capacityPlan(wish, first, {
              scalability,
              directives: (connections, workers) => this.#planned(connections, workers),
              costs: this.#parts.costs,
            }),
    };
  }

  /** Of the first arm; none of what is no proxy of the real world. */
  #planned(connections: number, workers: number): string[] {
    const { plan, proxy } = this.#arms[0]?.arm ?? {};
    if (plan?.target.kind !== "proxy") return [];
    const { ephemeralPorts } = readMachineLimits();
    const load = { connections, workers, ephemeralPorts, config: proxy?.config ?? null };
    return (drivers[plan.target.proxy].plan?.(load) ?? []).map(({ text }) => text);
  }

  #ratios(): Capacity["ratios"] {
    const [first, ...others] = this.#arms.map(({ arm }, index) => ({
      name: arm.plan.name,
      posterior: posteriorOf(this.#steps[index] ?? []),
    }));
    if (first?.posterior == null) return [];
    const baseline = { name: first.name, posterior: first.posterior };
    return others.flatMap(({ name, posterior }) =>
      posterior === null
        ? []
        : [{ baseline: baseline.name, candidate: name, ...capacityRatio(posterior, baseline.posterior) }],
    );
  }
}

const noLoad = { ratePerS: null, saturatedPerS: null, warmupS: 0, durationS: 0 };

function workersDirective(target: ArmTarget, workers: number): string {
  if (target.kind !== "proxy") return "it has one worker";
  return workersLine[target.proxy](workers);
}

/** `20ms` of `p99 < 20ms`. */
function limitOf(expression: string): string {
  return expression.replace(/^[^<>=]*[<>=]+\s*/, "");
}
