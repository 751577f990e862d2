/**
 * What stopped a number of connections: read from the failures of the step that broke, and from what the proxy's own
 * log means.
 */
import type { LimitName } from "../../diagnosis/limit.js";
import type { CapacityLimit, CapacityStepResult, HeldConnections } from "../../results/capacity-schema.js";

type StopCause = NonNullable<HeldConnections["stoppedBy"]>;

/** A limit this close to where it broke explains it where nothing else does. */
const nearShare = 0.1;
const linesShown = 3;

export function stopCause(step: CapacityStepResult, limits: readonly CapacityLimit[]): StopCause {
  const { trial, because, connections } = step;
  const log = trial.proxyLog.map(({ message, count }) => `proxy logged ${count} times: ${message}`);
  const proven = limits.find(({ provenBy = [] }) =>
    trial.proxyLog.some(({ causeId }) => causeId != null && provenBy.includes(causeId)),
  );
  const [worst] = [...trial.failures].sort((a, b) => b.count - a.count);
  return {
    limit: proven?.name ?? ownLimit(step) ?? nearLimit(connections, trial.connections.held, limits),
    side: proven === undefined ? (worst?.side ?? "unknown") : "proxy",
    evidence: [`${connections} asked for: ${because.join("; ")}`, ...log.slice(0, linesShown)],
  };
}

function ownLimit({ trial }: CapacityStepResult): LimitName | null {
  return trial.failures.some(({ kind }) => kind === "no-ports") ? "generator-ports" : null;
}

/** The least of those that were asked too much of, unless far more than that was held all the same. */
function nearLimit(asked: number, held: number, limits: readonly CapacityLimit[]): LimitName | null {
  const met = limits.find(
    ({ unit, foretold }) =>
      unit === "connections" && foretold !== null && asked > foretold && held < foretold * (1 + nearShare),
  );
  return met?.name ?? null;
}
