/**
 * What stopped a number of connections: read from the failures of the step that broke and from the proxy's own log.
 */
import type { CapacityLimit, CapacityStepResult, HeldConnections } from "../results/capacity-schema.js";
import type { LimitName } from "../trial/capacity/foretell-limits.js";

type StopCause = NonNullable<HeldConnections["stoppedBy"]>;

/** nginx's words for each, and the kernel's errors in them. */
const logSigns: readonly { readonly limit: LimitName; readonly pattern: RegExp }[] = [
  { limit: "worker-connections", pattern: /worker_connections are not enough/ },
  { limit: "proxy-descriptors", pattern: /\(24: |EMFILE|too many open files/i },
  { limit: "upstream-ports", pattern: /\(99: |EADDRNOTAVAIL|cannot assign requested address/i },
  { limit: "limit-conn", pattern: /limiting connections by zone/ },
  { limit: "memory", pattern: /\(12: |ENOMEM|cannot allocate memory/i },
];
/** A limit this close to where it broke explains it where nothing else does. */
const nearShare = 0.1;
const linesShown = 3;

export function stopCause(step: CapacityStepResult, limits: readonly CapacityLimit[]): StopCause {
  const { trial, because, connections } = step;
  const log = trial.proxyLog.map(({ message, count }) => `proxy logged ${count} times: ${message}`);
  const bySign = logSigns.find(({ pattern }) => trial.proxyLog.some(({ message }) => pattern.test(message)));
  const [worst] = [...trial.failures].sort((a, b) => b.count - a.count);
  return {
    limit: bySign?.limit ?? ownLimit(step) ?? nearLimit(connections, trial.connections.held, limits),
    side: bySign === undefined ? (worst?.side ?? "unknown") : "proxy",
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
