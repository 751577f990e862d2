/** The hosts that took part in a run: who made the load, and where the proxies ran. */
import type { Environment } from "../../results/environment-schema.js";
import type { RunDocument } from "../../results/run-document.js";

type Agent = NonNullable<Environment["agents"]>[number];

/** `load by load-1 (lab-1) and load-2 (lab-2), proxies on proxy-1 (lab-3)`; null where this machine did all of it. */
export function agentWords({ environment, arms }: Pick<RunDocument, "environment" | "arms">): string | null {
  const { agents = [] } = environment;
  const proxyAgents = new Set(arms.flatMap(({ proxy }) => proxy.agent ?? []));
  // One that does both made load where it was started to.
  const loading = agents.filter(({ startSkewUs, role }) => role === "load" || startSkewUs !== null);
  const running = agents.filter(({ name }) => proxyAgents.has(name));
  const parts = [
    ...(loading.length === 0 ? [] : [`load by ${named(loading)}`]),
    ...(running.length === 0 ? [] : [`proxies on ${named(running)}`]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

/** Of a load that a hundred hosts make, a few names say as much. */
const mostNamed = 4;

function named(agents: readonly Agent[]): string {
  const names = agents
    .slice(0, mostNamed)
    .map(({ name, host }) => (name === host ? name : `${name} (${host})`));
  const others = agents.length - names.length;
  const all = others === 0 ? names : [...names, `${others} more`];
  return all.length === 1 ? String(all[0]) : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
