/**
 * Runs one step: a trial of an arm whose connections, payload or rate differ from the planned ones.
 */
import type { ProxyUsage } from "../../proxy/proxy.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import type { Workload } from "../../scenario/workload.js";
import type { Placement } from "../placement.js";
import type { PreparedArm } from "../prepare-arms.js";
import { outsideBlocks, type SeriesPhase, type TrialLoad, type TrialRunner } from "../series.js";
import { storeInPause } from "../store-in-pause.js";
import type { CapacityObserver } from "./capacity-observer.js";
import type { CapacityStep, StepKind, StepVerdict } from "./capacity-step.js";
import { voidByOwnLimit } from "./own-limit.js";

export interface StepSettings {
  readonly kind: StepKind;
  readonly load: TrialLoad;
  /** What of the workload is not as planned. */
  readonly changes?: Partial<Workload>;
}

export type StepRunner = (arm: PreparedArm, settings: StepSettings) => Promise<CapacityStep>;

interface RunnerSettings {
  readonly trial: TrialRunner;
  readonly observer: CapacityObserver;
  readonly signal: AbortSignal;
  readonly placement: Placement;
}

export function createStepRunner({ trial, observer, signal, placement }: RunnerSettings): StepRunner {
  let count = 0;
  return async (planned, { kind, load, changes = {} }) => {
    const readings: ProxyUsage[] = [];
    const arm = withReadings(withChanges(planned, changes), readings);
    const place = { ...outsideBlocks, block: count++ };
    const record = await trial(arm, load, place, (phase, live) =>
      observer.progress({
        phase: phaseOf(kind, phase),
        arm,
        block: -1,
        blocks: null,
        live,
        secondsLeft: null,
      }),
    );
    const { connections, message } = arm.plan.workload;
    const verdict: StepVerdict =
      kind === "closed-loop"
        ? { outcome: "pass", because: [] }
        : voidByOwnLimit(observer.judge(kind, record), record, placement);
    const step: CapacityStep = {
      ...verdict,
      kind,
      arm: arm.plan.name,
      connections,
      ratePerS: load.ratePerS,
      payloadBytes: message.kind === "payload" ? message.bytes : null,
      cpuUsPerHandshake: load.warmupS === 0 ? handshakeCpuUs(readings, record.connections.opened) : null,
      record,
    };
    await storeInPause(() => observer.measured(step), signal);
    return step;
  };
}

function phaseOf(kind: StepKind, phase: SeriesPhase): SeriesPhase {
  return kind === "closed-loop" ? "calibrate" : phase;
}

function withChanges(arm: PreparedArm, changes: Partial<Workload>): PreparedArm {
  return { ...arm, plan: { ...arm.plan, workload: { ...arm.plan.workload, ...changes } } };
}

/** Keeps what the proxy had used when it was ready, and at each of the trial's own readings. */
function withReadings(arm: PreparedArm, readings: ProxyUsage[]): PreparedArm {
  const start = async (signal: AbortSignal): Promise<SeenProxy> => {
    const proxy = await arm.proxy.start(signal);
    const usage = async (): Promise<ProxyUsage> => {
      const now = await proxy.usage();
      readings.push(now);
      return now;
    };
    await usage();
    return { ...proxy, usage };
  };
  return { ...arm, proxy: { ...arm.proxy, start } };
}

/** From the first reading, before any connection, to the one at the window's start, which here follows the opening. */
function handshakeCpuUs(readings: readonly ProxyUsage[], opened: number): number | null {
  const before = readings[0]?.cpuNs ?? null;
  const opening = readings.at(-2)?.cpuNs ?? null;
  return before === null || opening === null || opened === 0 ? null : (opening - before) / 1e3 / opened;
}
