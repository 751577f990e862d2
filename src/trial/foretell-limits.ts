/**
 * What will stop an arm, said before any load: by its proxy, which knows its config, and by this machine's limits. How
 * far each is true the search shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../diagnosis/limit.js";
import { drivers } from "../proxy/drivers.js";
import type { ForetoldProxy } from "../proxy/proxy.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { ForetoldArm } from "./foretell-arms.js";
import { overStreams } from "./limits-over-streams.js";
import { isLoopback, mostSources, streamsSure } from "./scale.js";

interface ForetellSettings {
  readonly arm: ForetoldArm;
  readonly limits: MachineLimits;
}

/**
 * Generator and backend for a connection, with the kernel's of both. Measured on 2026-11-29 as the growth of their resident memory and
 * of the kernel's slabs (`Slab` in /proc/meminfo) from `run direct --connections 500` to 8,500: 5.8 and 10.4 KiB; with TLS from
 * `run nginx --set tls=on` of 500 to 4,500: 23.4 KiB without nginx's processes, and the slabs as without TLS. One round each.
 */
const ownKibibytes = { plain: 17, tls: 34 };

/** What a connection takes for proxy, backend and generator together. */
export function bytesEach({ plan, proxy }: BytesOf): number {
  const own = proxy.tls ? ownKibibytes.tls : ownKibibytes.plain;
  return (own + proxyKibibytes({ plan, proxy })) * 1024;
}

type BytesOf = { readonly plan: Pick<PlannedArm, "target">; readonly proxy: Pick<ForetoldProxy, "tls"> };

function proxyKibibytes({ plan: { target }, proxy: { tls } }: BytesOf): number {
  // Without a proxy there is none that takes memory, and of somebody else's, or the relay, nothing is known.
  if (target.kind !== "proxy") return 0;
  const { memory } = drivers[target.proxy];
  return tls ? memory.tlsKibibytes : memory.kibibytes;
}

/** Ascending, what is not known last. */
export function foretellLimits({ arm, limits }: ForetellSettings): ForetoldLimit[] {
  const streams = streamsSure(arm.plan);
  const { filesPerConnection = null } = arm.proxy.facts ?? {};
  return [...arm.proxy.limits(limits), ...machineLimits({ arm, limits })]
    .map((limit) => overStreams(limit, { streams, filesPerConnection }))
    .sort(byForetold);
}

function machineLimits({ arm, limits }: ForetellSettings): ForetoldLimit[] {
  const { availableBytes, ephemeralPorts } = limits;
  const each = bytesEach(arm);
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
