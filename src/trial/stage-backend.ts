/**
 * A stage's own backend, where this machine makes the load.
 */
import { startBackendGroup } from "../backend/backend-group.js";
import type { Backend } from "../backend/backend-process.js";
import type { ProcessGuard } from "../base/owned-process.js";
import type { MachineLimits } from "../diagnosis/limit.js";
import type { Scenario } from "../scenario/scenario.js";
import { backendWish } from "./backend-wish.js";
import { backendScale } from "./scale.js";

interface BackendPlace {
  readonly guard: ProcessGuard;
  readonly limits: MachineLimits;
  /** The address that it listens on. */
  readonly host: string;
}

/** One backend for all arms; none when every arm is a URL. It upgrades on any path: proxies may change it. */
export async function startBackend(
  { arms }: Scenario,
  { guard, limits, host }: BackendPlace,
): Promise<Backend | null> {
  const wanted = backendWish(arms);
  if (wanted === null) return null;
  const { processes, ports } = backendScale(arms, limits);
  return startBackendGroup(guard, { ...wanted, host, port: 0, ports }, processes);
}
