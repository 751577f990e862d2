/**
 * Makes an event happen, in the way that who runs such a proxy makes it happen.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../base/errors.js";
import { type KilledProcesses, killProcesses } from "../../proxy/kill-processes.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import { addressOf, type PreparedArm } from "../prepare-arms.js";
import type { EventScene } from "./event-scene.js";
import type { RolloutEvent } from "./rollout-event.js";

/** How long a backend is away. */
const awayMs = 1000;

/** What has to be there before it happens. */
export async function prepareEvent(event: RolloutEvent, { proxy }: PreparedArm): Promise<void> {
  if (event === "cert") await proxy.renewCertificate?.();
}

/**
 * @returns the proxy that runs from now on: another where one was started in the place of the old
 * @throws EnvironmentError when the proxy refuses, or does not come back
 */
export async function doEvent(event: RolloutEvent, scene: EventScene): Promise<SeenProxy> {
  const { proxy, backend, signal } = scene;
  switch (event) {
    case "reload":
    case "reload-same":
    case "cert":
      await reload(proxy, event === "reload-same" ? "same" : "changed");
      return proxy;
    case "blue-green":
      if (scene.nextBackend !== null) await proxy.pointTo?.(addressOf(scene.nextBackend));
      await reload(proxy, "changed");
      return proxy;
    case "upgrade":
      await proxy.replace?.(scene.toBinary);
      return proxy;
    case "restart":
      await proxy.stop();
      return startAgain(scene);
    case "kill":
      await kill(proxy, "all");
      await proxy.stop();
      return startAgain(scene);
    case "kill-worker":
      await kill(proxy, "worker");
      return proxy;
    case "slow-readers":
      scene.slowReaders?.stall();
      return proxy;
    case "dead-peers":
      await scene.deadPeers?.die();
      return proxy;
    case "delay":
    case "loss":
      await badWeather(scene);
      return proxy;
    case "storm":
      await backend?.take({ kind: "down" });
      await backend?.take({ kind: "serving" });
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

async function badWeather({ line, weather, signal }: EventScene): Promise<void> {
  if (line === null || weather === null) return;
  await line.set(weather.bad);
  try {
    await sleep(weather.lastsS * 1e3, undefined, { signal });
  } finally {
    await line.set(weather.usual);
  }
}

async function startAgain({ arm, proxy, signal }: EventScene): Promise<SeenProxy> {
  const again = await arm.proxy.startAt?.(signal, proxy.endpoint.port);
  if (again === undefined) throw new EnvironmentError(`${arm.plan.name} cannot be started again`);
  return again;
}

async function kill(proxy: SeenProxy, which: KilledProcesses): Promise<void> {
  if (proxy.kill === undefined) killProcesses(proxy, which);
  else await proxy.kill(which);
}

/** By its own reload, or in the way that such a proxy has in its place. */
async function reload(proxy: SeenProxy, config: "changed" | "same"): Promise<void> {
  if (proxy.reload === undefined) await proxy.replace?.(null);
  else await proxy.reload(config);
}
