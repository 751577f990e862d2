/**
 * Whether an event can be done to an arm, which is known before anything is loaded.
 */
import { UsageError } from "../../base/errors.js";
import { workerOf } from "../../proxy/kill-processes.js";
import { processesOf, type SeenProxy } from "../../proxy/seen-proxy.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { EventScene } from "./event-scene.js";
import { eventWords, isBackendEvent, isReload, isWeather, type RolloutEvent } from "./rollout-event.js";

/** What a look at an arm before the load needs of the scene. */
type EmptyScene = Pick<EventScene, "arm" | "proxy" | "backend" | "signal">;

/** Why it cannot be done to an arm, as the end of a sentence; null when it can. */
async function eventObstacle(
  event: RolloutEvent,
  { arm, proxy, backend }: EmptyScene,
): Promise<string | null> {
  if (isBackendEvent(event)) {
    if (backend === null) return "the backend behind it is not wsrally's";
    if (backend.engine !== "epoll") return `a backend by ${backend.engine} can only serve`;
    return event !== "backend-drain" && !backend.goesDown
      ? "the backend behind it was not started by this run, and would not hear that it is to listen again"
      : null;
  }
  // Whom no line leads to was refused before the stage was set.
  if (isWeather(event)) return null;
  if (!arm.hasProxy) return "it has no proxy of ours";
  if (event === "reload" || event === "reload-same") return hasReload(proxy) ? null : "it has no reload";
  if (event === "cert") return certificateObstacle(arm, proxy);
  if (event === "blue-green") {
    if (backend === null) return "the backend behind it is not wsrally's";
    if (proxy.pointTo === undefined || !hasReload(proxy)) return "it has no reload";
    return null;
  }
  if (event === "slow-readers" || event === "dead-peers") return null;
  if (event === "upgrade")
    return proxy.replace === undefined
      ? "none takes its place while its clients are there; want restart"
      : null;
  if (event === "kill-worker")
    return workerOf(await processesOf(proxy)) === null ? "it is one process, which `kill` ends" : null;
  return arm.proxy.startAt === undefined ? "it cannot be started again where it was" : null;
}

function certificateObstacle({ proxy: prepared }: PreparedArm, proxy: SeenProxy): string | null {
  if (!proxy.endpoint.tls)
    return "its clients speak no TLS; want `--set tls=on`, or a config with a certificate";
  if (!hasReload(proxy)) return "it has no reload";
  return prepared.renewCertificate === undefined ? "no certificate of the run's own is in its config" : null;
}

function hasReload({ reload, replace }: SeenProxy): boolean {
  return reload !== undefined || replace !== undefined;
}

/** @throws EnvironmentError when it does not start */
export function startForEvent(
  event: RolloutEvent,
  { proxy: { replaceable, start } }: PreparedArm,
  signal: AbortSignal,
): Promise<SeenProxy> {
  const isReplaced = event === "upgrade" || (replaceable?.isReload === true && isReload(event));
  return replaceable !== undefined && isReplaced ? replaceable.start(signal) : start(signal);
}

/**
 * Before anything is loaded: the arm's proxy is started for a look at what it has, and stopped.
 * @throws UsageError when the event cannot be done to the arm
 */
export async function requireEvent(event: RolloutEvent, scene: Omit<EmptyScene, "proxy">): Promise<void> {
  const { arm, signal } = scene;
  const proxy = await startForEvent(event, arm, signal);
  try {
    const obstacle = await eventObstacle(event, { ...scene, proxy });
    if (obstacle !== null)
      throw new UsageError(
        `Cannot do ${event} to the arm ${arm.plan.name} (${eventWords[event]}): ${obstacle}`,
      );
  } finally {
    await proxy.stop();
  }
}
