/**
 * What will stop an arm, said before any load: by its proxy, which knows its config, and by this machine's limits. How
 * far each is true the search shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../diagnosis/limit.js";
import type { ForetoldProxy } from "../proxy/proxy.js";
import type { ForetoldArm } from "./foretell-arms.js";
import { isLoopback, mostSources } from "./scale.js";

interface ForetellSettings {
  readonly arm: ForetoldArm;
  readonly limits: MachineLimits;
}

/** nginx's own, measured: two tunnels' buffers and records (README); the other parts' are small beside it. */
export function bytesEach({ tls }: Pick<ForetoldProxy, "tls">): number {
  return (tls ? 100 : 40) * 1024;
}

/** Ascending, what is not known last. */
export function foretellLimits({ arm, limits }: ForetellSettings): ForetoldLimit[] {
  return [...arm.proxy.limits(limits), ...machineLimits({ arm, limits })].sort(byForetold);
}

function machineLimits({ arm, limits }: ForetellSettings): ForetoldLimit[] {
  const { availableBytes, ephemeralPorts } = limits;
  const each = bytesEach(arm.proxy);
  const { target } = arm.plan;
  const sources = target.kind !== "url" || isLoopback(new URL(target.url).hostname) ? mostSources : 1;
  const found: ForetoldLimit[] = [];
  if (availableBytes !== null) {
    found.push({
      name: "memory",
      unit: "connections",
      foretold: Math.floor(availableBytes / each),
      directive: "memory of the machine",
      note: `about ${each / 1024} KiB a connection for proxy, backend and generator together`,
      provenBy: ["no-memory"],
      admission: null,
    });
  }
  if (ephemeralPorts !== null) {
    found.push({
      name: "generator-ports",
      unit: "connections",
      foretold: ephemeralPorts * sources,
      directive: "net.ipv4.ip_local_port_range, or more source addresses",
      note: `${ephemeralPorts} local ports from ${sources === 1 ? "one address" : `each of ${sources} loopback addresses`}`,
      provenBy: [],
      admission: null,
    });
  }
  return found;
}
