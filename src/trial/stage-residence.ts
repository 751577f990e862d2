/**
 * The time messages spend inside the proxy, on a stage: who can have it, and where to look.
 */
import { networkInterfaces } from "node:os";
import { EnvironmentError, UsageError } from "../base/errors.js";
import type { ProxyEndpoint } from "../proxy/proxy.js";
import type { ProxyPorts } from "../residence/capture-filter.js";
import type { ResidenceWatch } from "../residence/residence-process.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { PreparedArm } from "./prepare-arms.js";
import { isLoopback } from "./scale.js";

export function asksForResidence(arms: readonly PlannedArm[]): boolean {
  return arms.some(({ workload }) => workload.residence);
}

/** @throws UsageError for an arm that asks for it and whose messages cannot be told from outside the proxy */
export function requireResidenceOf({ name, target, workload }: PlannedArm, hasAgents: boolean): void {
  if (!workload.residence) return;
  const what = `Cannot measure the time inside the proxy (--residence) of ${name}`;
  if (hasAgents) throw new UsageError(`${what} with agents: want the load and the proxy on this machine`);
  if (target.kind === "url" && workload.behind === null)
    throw new UsageError(`${what}, a URL: want --behind with it, or a proxy that wsrally runs here`);
  if (target.kind === "url" && new URL(target.url).protocol === "wss:")
    throw new UsageError(`${what} over TLS: want plain ws:// on both sides of the proxy`);
}

/** The same of what its config says. @throws UsageError */
export function requirePlain({ plan: { name, workload }, proxy: { tls } }: PreparedArm): void {
  if (workload.residence && tls)
    throw new UsageError(
      `Cannot measure the time inside the proxy (--residence) of ${name}, whose config takes TLS: want plain ws on both sides of the proxy`,
    );
}

/**
 * Where an arm's proxy is to be watched; null where there is none.
 * @throws EnvironmentError for a proxy on another machine
 */
function portsOf(arm: PreparedArm, endpoint: ProxyEndpoint): ProxyPorts | null {
  if (arm.plan.target.kind === "direct" || arm.backend === null) return null;
  if (arm.behind !== null) requireHere(arm.plan.name, endpoint.host);
  return {
    clients: [endpoint.port, ...(endpoint.morePorts ?? [])],
    upstreams: arm.behind === null ? arm.backend.ports : arm.behind.addresses.map(({ port }) => port),
  };
}

function requireHere(name: string, host: string): void {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.map(({ address }) => address),
  );
  if (host === "localhost" || isLoopback(host) || own.includes(host)) return;
  throw new EnvironmentError(
    `Cannot measure the time inside the proxy (--residence) of ${name}: ${host} is no address of this machine, and its packets are seen only where it runs`,
  );
}

/** Begins to watch, where the arm asks for it and there is a proxy. */
export async function beginResidence(
  watch: ResidenceWatch | null,
  arm: PreparedArm,
  endpoint: ProxyEndpoint,
): Promise<ResidenceWatch | null> {
  const ports = arm.plan.workload.residence ? portsOf(arm, endpoint) : null;
  if (watch === null || ports === null) return null;
  await watch.begin(ports);
  return watch;
}
