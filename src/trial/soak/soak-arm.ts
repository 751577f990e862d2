/**
 * The load of a soak on its proxy, and the looks at the proxy between two windows.
 */

import { monotonicClock } from "../../base/clock.js";
import { EnvironmentError } from "../../base/errors.js";
import { createAgentPool } from "../../cluster/agent-pool.js";
import type { WindowMessage } from "../../load/messages.js";
import type { ProxyExit } from "../../proxy/proxy.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import type { PreparedArm } from "../prepare-arms.js";
import { startForEvent } from "../rollout/require-event.js";
import { type LoadSettings, type RunningLoad, startLoad } from "../run-load.js";
import { loadSettings } from "../run-trial.js";
import type { SettledLoad } from "../series.js";
import { watchPlaces } from "../watch-places.js";
import type { Stage } from "../with-stage.js";
import { WindowGatherer } from "./gather-windows.js";
import { endingOf } from "./soak-ending.js";
import { repeatEvent } from "./soak-events.js";
import type { SoakSettings } from "./soak-settings.js";
import { WindowQueue } from "./window-queue.js";

interface ArmSoak extends SoakSettings {
  readonly stage: Stage;
  readonly arm: PreparedArm;
  readonly load: SettledLoad;
}

const progressEveryMs = 100;

export async function soakArm(settings: ArmSoak): Promise<void> {
  const { arm, stage, observer, signal } = settings;
  const { repeated, reconnect } = settings.plan;
  const proxy = await (repeated === null
    ? arm.proxy.start(signal)
    : startForEvent(repeated.event, arm, signal));
  const early = new AbortController();
  const gatherer = new WindowGatherer();
  let load: RunningLoad | null = null;
  let happening: Promise<void> = Promise.resolve();
  try {
    const scene = {
      arm,
      proxy,
      backend: null,
      nextBackend: null,
      slowReaders: null,
      deadPeers: null,
      line: null,
      residence: null,
      weather: null,
      toBinary: null,
      signal: AbortSignal.any([signal, early.signal]),
    };
    await arm.backend?.reset();
    const placed = watchPlaces({ arm, ...stage }, proxy);
    const windows = new WindowQueue(settings, proxy);
    const { crew } = stage;
    const pool = crew?.loads === true ? createAgentPool(crew, (words) => windows.gap(words)) : stage.pool;
    load = startLoad({
      ...(await armLoad(settings, proxy)),
      pool,
      signal: scene.signal,
      upkeep: { reconnect, churn: arm.plan.workload.churn },
      windows: {
        lengthNs: settings.plan.windowS * 1e9,
        told: (message: WindowMessage, threads) => {
          const window = gatherer.add(message, threads);
          if (window === null) return;
          windows.add(window);
          // Nothing comes of going on, and a soak may have hours left.
          void endedBy(proxy).then((exit) => exit === null || early.abort(exitError(arm, exit)));
        },
      },
    });
    if (repeated !== null)
      happening = load.started
        .then((order) => {
          const happened = (atS: number): Promise<void> => observer.happened(repeated.event, atS);
          return repeatEvent({ repeated, scene, order, happened });
        })
        // What keeps the load from starting is told by its result.
        .catch((thrown: unknown) => early.abort(thrown));
    const watch = watchProgress(load, settings, windows);
    try {
      const result = await load.result;
      windows.end(gatherer.missingTo(windowCountOf(settings)));
      await windows.settled();
      const soFar = { ...result, live: load.live(), misplaced: placed() };
      await observer.ended(await endingOf(arm, proxy, soFar));
    } catch (thrown) {
      await windows.settled();
      await observer.ended(
        await endingOf(arm, proxy, {
          failures: gatherer.failures,
          counts: null,
          unasked: null,
          opened: load.live().opened,
          live: load.live(),
          misplaced: placed(),
        }),
      );
      throw thrown;
    } finally {
      clearInterval(watch);
    }
  } finally {
    // Its threads have ended before the proxy is stopped.
    await load?.result.catch(() => undefined);
    early.abort();
    await happening;
    await proxy.stop();
  }
}

/** Stamped messages split a trial's time into its directions, which a trend has no use for. */
function armLoad({ arm, stage, load, plan, seed, signal }: ArmSoak, proxy: SeenProxy): Promise<LoadSettings> {
  const { pool, engine, placement, line } = stage;
  const workload = { ...arm.plan.workload, split: false };
  const { ratePerS, warmupS } = load;
  return loadSettings(
    {
      arm: { ...arm, plan: { ...arm.plan, workload } },
      pool,
      engine,
      placement,
      line,
      seed,
      ratePerS,
      warmupS,
      durationS: plan.forS,
      signal,
    },
    proxy,
  );
}

/** Null where nobody answers: that is told by others. */
async function endedBy(proxy: SeenProxy): Promise<ProxyExit | null> {
  try {
    return await proxy.exited();
  } catch {
    return null;
  }
}

function exitError(arm: PreparedArm, exit: ProxyExit): EnvironmentError {
  const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
  return new EnvironmentError(`Cannot go on: the proxy of arm ${arm.plan.name} ended by itself with ${how}`);
}

function windowCountOf({ plan }: ArmSoak): number {
  return Math.round(plan.forS / plan.windowS);
}

function watchProgress(load: RunningLoad, settings: ArmSoak, windows: WindowQueue) {
  const { observer, arm, plan, load: settled } = settings;
  const windowCount = windowCountOf(settings);
  let endNs: number | null = null;
  load.started.then(
    (order) => {
      endNs = order.endNs;
    },
    () => undefined,
  );
  return setInterval(() => {
    const leftS = endNs === null ? null : (endNs - monotonicClock.now()) / 1e9;
    const isWarm = leftS !== null && leftS <= plan.forS;
    observer.progress({
      phase: leftS === null ? "connect" : isWarm || settled.warmupS === 0 ? "soak" : "warm-up",
      arm,
      block: isWarm ? windows.count : -1,
      blocks: windowCount,
      live: load.live(),
      secondsLeft: leftS === null ? null : Math.max(0, leftS),
    });
  }, progressEveryMs);
}
