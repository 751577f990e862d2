/**
 * A line between clients and proxy, on a stage: who has one, and how a load goes over it.
 */
import { UsageError } from "../base/errors.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import { lineAddresses } from "../line/line-addresses.js";
import type { LineFigures } from "../line/line-messages.js";
import type { LaidLine } from "../line/line-process.js";
import { fairWeather } from "../line/weather.js";
import { refuseImages } from "../scenario/arm.js";
import type { PlannedArm } from "../scenario/scenario.js";
import type { Weather } from "../scenario/weather-schema.js";
import type { Workload } from "../scenario/workload.js";
import type { LoadSettings } from "./run-load.js";
import { routesFor } from "./scale.js";

/** A tenth of the delay, or a millisecond, is what nobody asks a line for. */
const lateLeastUs = 1000;
const lateShare = 0.1;

/** Whether clients felt the line itself: it lost packets for want of speed, or was late by more than it is to be. */
export function isLineLimit({ delayMs }: Weather, { overflowed, lateUs }: LineFigures): boolean {
  return overflowed > 0 || (lateUs.p99 ?? 0) > Math.max(lateLeastUs, lateShare * delayMs * 1e3);
}

/** By which a trial does not count. */
export function lineTroubles({ line }: Workload, figures: LineFigures | null): string[] {
  return figures !== null && isLineLimit(line ?? fairWeather, figures) ? ["line-late"] : [];
}

/** Of clients that connect over the line, where there is one. */
export function overLine(settings: LoadSettings, line: LaidLine | null): LoadSettings {
  if (line === null) return settings;
  const target = { ...settings.target, address: lineAddresses.clients };
  return { ...settings, target, sources: [] };
}

/** All go over one line, or none: an arm whose workload asks for no weather has the line's own time too. */
export function asksForLine(arms: readonly PlannedArm[]): boolean {
  return arms.some(({ workload }) => workload.line !== null);
}

/** @throws UsageError for an arm that no line leads to */
export function requireLineTo(
  { name, target, workload }: PlannedArm,
  limits: MachineLimits,
  hasAgents: boolean,
): void {
  const what = `Cannot lay a line (--delay, --loss) to the arm ${name}`;
  refuseImages(
    [{ name, target }],
    "lay a line (--delay, --loss) to",
    "its network is the host's; want a program of this machine, such as nginx:FILE",
  );
  if (target.kind === "url") throw new UsageError(`${what}, a URL: want a proxy that wsrally runs here`);
  if (hasAgents) throw new UsageError(`${what} from agents: want the load on this machine`);
  if (workload.keepsUpstream)
    throw new UsageError(
      `${what} with --upstream as-configured: its network is the run's own, and wsrally's backend alone is in there`,
    );
  if (routesFor(workload.connections, limits) > 1)
    throw new UsageError(
      `${what} with ${workload.connections} connections: it has one address for all, and there are ${limits.ephemeralPorts} local ports`,
    );
}
