/**
 * A capacity step in memory into the step of the run document.
 */
import type { CapacityStep } from "../trial/capacity/capacity-step.js";
import type { CapacityStepResult } from "./capacity-schema.js";
import { toTrialResult } from "./trial-result.js";

export function toStepResult(step: CapacityStep): CapacityStepResult {
  const trial = toTrialResult(step.record);
  const meanUs = trial.latencyUs.response?.mean ?? trial.latencyUs.roundTrip.mean;
  return {
    kind: step.kind,
    connections: step.connections,
    ratePerS: step.ratePerS,
    payloadBytes: step.payloadBytes,
    outcome: step.outcome,
    because: [...step.because],
    inFlight: meanUs === null ? null : (trial.throughputPerS * meanUs) / 1e6,
    cpuUsPerHandshake: step.cpuUsPerHandshake,
    trial,
  };
}
