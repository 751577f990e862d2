/**
 * Makes an event happen, in the way that who runs such a proxy makes it happen.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../backend/backend-process.js";
import { EnvironmentError, UsageError } from "../../base/errors.js";
import type { RunningProxy } from "../../proxy/proxy.js";
import type { PreparedArm } from "../prepare-arms.js";
import { eventWords, isBackendEvent, type RolloutEvent } from "./rollout-event.js";

/** What an event is done to. */
export interface EventScene {
  readonly arm: PreparedArm;
  readonly proxy: RunningProxy;
  /** Null where the arm's backend is not ours. */
  readonly backend: Backend | null;
  readonly signal: AbortSignal;
}

/** How long a backend is away. */
const awayMs = 1000;

/** Why it cannot be done to an arm, as the end of a sentence; null when it can. */
function eventObstacle(event: RolloutEvent, { arm, proxy, backend }: EventScene): string | null {
  if (isBackendEvent(event)) {
    if (backend === null || arm.foreign) return "the backend behind it is not wsrally's";
    return backend.engine === "epoll" ? null : `a backend by ${backend.engine} can only serve`;
  }
  if (!arm.hasProxy) return "it has no proxy of ours";
  if (event === "reload" || event === "reload-same")
    return proxy.reload === undefined ? "it has no reload" : null;
  if (event === "cert") return certificateObstacle(arm, proxy);
  if (event === "kill-worker")
    return workerOf(proxy) === null ? "it is one process, which `kill` ends" : null;
  return arm.proxy.startAt === undefined ? "it cannot be started again where it was" : null;
}

function certificateObstacle(
  { proxy: prepared }: PreparedArm,
  { endpoint, reload }: RunningProxy,
): string | null {
  if (!endpoint.tls) return "its clients speak no TLS; want `--set tls=on`, or a config with a certificate";
  if (reload === undefined) return "it has no reload";
  return prepared.renewCertificate === undefined ? "no certificate of the run's own is in its config" : null;
}

/**
 * Before anything is loaded: the arm's proxy is started for a look at what it has, and stopped.
 * @throws UsageError when the event cannot be done to the arm
 */
export async function requireEvent(event: RolloutEvent, scene: Omit<EventScene, "proxy">): Promise<void> {
  const { arm, signal } = scene;
  const proxy = await arm.proxy.start(signal);
  try {
    const obstacle = eventObstacle(event, { ...scene, proxy });
    if (obstacle !== null)
      throw new UsageError(
        `Cannot do ${event} to the arm ${arm.plan.name} (${eventWords[event]}): ${obstacle}`,
      );
  } finally {
    await proxy.stop();
  }
}

/** What has to be there before it happens. */
export async function prepareEvent(event: RolloutEvent, { arm }: EventScene): Promise<void> {
  if (event === "cert") await arm.proxy.renewCertificate?.();
}

/**
 * @returns the proxy that runs from now on: another where one was started in the place of the old
 * @throws EnvironmentError when the proxy refuses, or does not come back
 */
export async function doEvent(event: RolloutEvent, scene: EventScene): Promise<RunningProxy> {
  const { proxy, backend, signal } = scene;
  switch (event) {
    case "reload":
    case "reload-same":
    case "cert":
      await proxy.reload?.(event === "reload-same" ? "same" : "changed");
      return proxy;
    case "restart":
      await proxy.stop();
      return startAgain(scene);
    case "kill":
      for (const pid of proxy.pids()) kill(pid);
      await proxy.stop();
      return startAgain(scene);
    case "kill-worker":
      kill(workerOf(proxy));
      return proxy;
    case "backend-down":
    case "backend-drain":
      await backend?.take(
        event === "backend-down" ? { kind: "down" } : { kind: "draining", code: 1012, status: 503 },
      );
      try {
        await sleep(awayMs, undefined, { signal });
      } finally {
        await backend?.take({ kind: "serving" });
      }
      return proxy;
  }
}

async function startAgain({ arm, proxy, signal }: EventScene): Promise<RunningProxy> {
  const again = await arm.proxy.startAt?.(signal, proxy.endpoint.port);
  if (again === undefined) throw new EnvironmentError(`${arm.plan.name} cannot be started again`);
  return again;
}

/** The youngest of the processes that the main one leads; null where there are none. */
function workerOf(proxy: RunningProxy): number | null {
  const main = proxy.mainPid;
  const workers = proxy.pids().filter((pid) => pid !== main);
  return main === null ? null : (workers.at(-1) ?? null);
}

function kill(pid: number | null): void {
  if (pid === null) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
