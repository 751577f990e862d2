/**
 * What a message, a connection and a handshake cost the proxy, by robust lines through the steps made for it.
 */
import type { CapacityCost, CapacityStepResult } from "../../results/capacity-schema.js";
import { type RobustLine, robustLine } from "../../stats/robust-line.js";

const kibibyte = 1024;

/** Null where no step was made for it. */
export function capacityCost(steps: readonly CapacityStepResult[]): CapacityCost | null {
  const sound = steps.filter(({ outcome }) => outcome !== "void");
  const bySize = sound.filter(({ kind }) => kind === "payload");
  const byConnections = sound.filter(({ kind }) => kind === "memory");
  if (bySize.length === 0 && byConnections.length === 0) return null;
  const message = lineOf(
    bySize,
    ({ payloadBytes }) => (payloadBytes ?? 0) / kibibyte,
    ({ trial }) => trial.proxyCost?.cpuUsPerMessage,
  );
  const memory = lineOf(
    byConnections,
    ({ trial }) => trial.connections.opened,
    ({ trial }) => trial.proxyCost?.pssBytes ?? trial.proxyCost?.rssBytes,
  );
  const handshakes = lineOf(
    byConnections,
    ({ trial }) => trial.connections.opened,
    ({ cpuUsPerHandshake, trial }) =>
      cpuUsPerHandshake === null ? null : cpuUsPerHandshake * trial.connections.opened,
  );
  return {
    cpuUsPerMessage:
      message === null
        ? null
        : { fixed: message.intercept, perKiB: message.slope, ratePerS: bySize[0]?.ratePerS ?? 0 },
    bytesPerConnection: memory?.slope ?? null,
    baseBytes: memory?.intercept.value ?? null,
    cpuUsPerHandshake: handshakes?.slope ?? null,
  };
}

function lineOf(
  steps: readonly CapacityStepResult[],
  x: (step: CapacityStepResult) => number,
  y: (step: CapacityStepResult) => number | null | undefined,
): RobustLine | null {
  return robustLine(
    steps.flatMap((step): [number, number][] => {
      const value = y(step);
      return value == null ? [] : [[x(step), value]];
    }),
  );
}
