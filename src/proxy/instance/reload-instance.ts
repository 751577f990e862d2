/**
 * Makes a running proxy read its config again by a signal, where a new worker takes over from the old one.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../base/errors.js";
import { isShown, processTree } from "../process-family.js";
import { pollMs, type StartSpec, startLimitMs } from "./start-instance.js";

interface ReloadSpec extends Pick<StartSpec, "title" | "isUp" | "trouble"> {
  readonly signal: NodeJS.Signals;
  /** How often it has told that it has loaded a config; null where it tells by nothing but its new worker. */
  readonly loads: (() => number) | null;
  /** How often it has told that it refuses one. */
  refusals(): number;
}

/** @throws EnvironmentError when it refuses the config, no new worker comes, or none could be seen to */
export async function reloadBySignal(
  { title, signal, isUp, trouble, loads, refusals }: ReloadSpec,
  pid: number,
): Promise<void> {
  const [loaded, refused] = [loads?.() ?? -1, refusals()];
  const before = new Set(processTree(pid));
  // Where nothing is seen of processes its word is all there is.
  const isSeen = isShown(pid);
  if (!isSeen && loads === null)
    throw new EnvironmentError(`Cannot tell when ${title} has reloaded: none of its processes is shown`);
  const hasNew = (): boolean => !isSeen || processTree(pid).some((worker) => !before.has(worker));
  const deadline = performance.now() + startLimitMs;
  // One that has just refused a config may not hear the next signal yet.
  while (!isUp(pid) && performance.now() < deadline) await sleep(pollMs);
  process.kill(pid, signal);
  while (performance.now() < deadline) {
    if (refusals() > refused)
      throw new EnvironmentError(`${title} refuses its config at the reload: ${trouble() ?? ""}`);
    if (hasNew() && (loads?.() ?? 0) > loaded && isUp(pid)) return;
    await sleep(pollMs);
  }
  throw new EnvironmentError(`${title} started no new worker within ${startLimitMs / 1000} s of its reload`);
}
