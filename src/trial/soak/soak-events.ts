/**
 * What happens to the proxy of a soak again and again, while its load goes on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../../base/clock.js";
import type { StartOrder } from "../../load/messages.js";
import { doEvent } from "../rollout/do-event.js";
import type { EventScene } from "../rollout/event-scene.js";
import type { RepeatedEvent } from "./soak-settings.js";

interface EventCourse {
  readonly repeated: RepeatedEvent;
  readonly scene: EventScene;
  readonly order: StartOrder;
  /** @param atS from the beginning of the first window */
  happened(atS: number): Promise<void>;
}

/**
 * Resolves when the last of them has happened, or the scene's signal ends it.
 * @throws EnvironmentError when the proxy refuses one
 */
export async function repeatEvent({ repeated, scene, order, happened }: EventCourse): Promise<void> {
  const everyNs = repeated.everyS * 1e9;
  for (let atNs = order.measureNs + everyNs; atNs < order.endNs; atNs += everyNs) {
    const waitMs = Math.max(0, (atNs - monotonicClock.now()) / 1e6);
    await sleep(waitMs, undefined, { signal: scene.signal }).catch(() => undefined);
    if (scene.signal.aborted) return;
    const atS = (monotonicClock.now() - order.measureNs) / 1e9;
    await doEvent(repeated.event, scene);
    await happened(atS);
  }
}
