/**
 * One trial from start to end: a fresh proxy, the load, and what the proxy and the backend say of it.
 */
import { monotonicClock } from "../base/clock.js";
import { fairWeather } from "../line/weather.js";
import type { StartOrder } from "../load/messages.js";
import type { LoadShape } from "../load/shape/load-shape.js";
import type { SeenProxy } from "../proxy/seen-proxy.js";
import { readMachineLimits } from "./check-limits.js";
import { connectionsBefore } from "./connection-counts.js";
import { countedOpened } from "./counted-opened.js";
import { type SlotWatch, watchSlots } from "./epoch/watch-slots.js";
import { orderPushes } from "./order-pushes.js";
import { usualPatience } from "./patience.js";
import { splitEvery } from "./plan-trial.js";
import { quietDiary } from "./quiet-diary.js";
import { type LoadSettings, type RunningLoad, startLoad } from "./run-load.js";
import { clientSockets, sourcesFor } from "./scale.js";
import { overLine } from "./stage-line.js";
import { beginResidence } from "./stage-residence.js";
import { targetOf } from "./target-of.js";
import { toTrialRecord } from "./to-trial-record.js";
import { trafficUntil } from "./traffic.js";
import type { TrialRecord } from "./trial-record.js";
import type { LoadWish, TrialPhase, TrialSettings } from "./trial-settings.js";
import { watchMemory } from "./watch-memory.js";
import { watchOpening } from "./watch-opening.js";
import { watchPlaces } from "./watch-places.js";
import { type StealWatch, watchSteal } from "./watch-steal.js";
import { readAroundWindow, spentBetween } from "./window-readings.js";

const progressEveryMs = 100;

/**
 * @throws EnvironmentError when the proxy does not start or the backend has ended
 * @throws the signal's reason when aborted
 */
export async function runTrial(settings: TrialSettings): Promise<TrialRecord> {
  const { arm, shared, signal } = settings;
  const { backend } = arm;
  const startedAtMs = Date.now();
  const proxy = await arm.proxy.start(signal);
  try {
    await backend?.reset();
    const residence = await beginResidence(settings.residence ?? null, arm, proxy.endpoint);
    const placed = watchPlaces(settings, proxy);
    const connections = connectionsBefore(arm.plan.workload);
    const memory = arm.hasProxy ? await watchMemory(proxy, connections) : null;
    const pauses = memory === null ? {} : { pauses: memory };
    await shared?.meeting.turnToOpen(shared.turn);
    const load = startLoad({ ...(await loadSettings(settings, proxy)), ...pauses });
    memory?.opening(() => load.live().opened);
    const isLoadHere = settings.pool.barrier === undefined;
    const openings = watchOpening(proxy);
    const watch = watchProgress(load, settings);
    let steal: StealWatch | null = null;
    let slots: SlotWatch | null = null;
    try {
      const order = await load.started;
      await residence?.window(order.measureNs, order.endNs);
      const opening =
        backend === null ? null : await openings.opened(connections, () => countedOpened(load, connections));
      steal = watchSteal();
      slots = shared === undefined ? null : watchSlots(order, shared.slots, proxy.pids());
      const readings = await readAroundWindow(order, proxy, backend, signal, arm.shape.stageEndsS);
      const result = await load.result;
      const line = (await settings.line?.figures()) ?? null;
      const passed = (await residence?.figures()) ?? null;
      const final = (await backend?.report()) ?? null;
      const occupied = memory === null ? null : await memory.finish();
      const spentNs = spentBetween(readings, {
        isProxyHere: arm.proxy.agent === undefined,
        isBackendHere: isLoadHere,
      });
      return toTrialRecord({
        settings,
        startedAtMs,
        order,
        opening,
        memory: occupied,
        readings,
        spentByAllNs: (await shared?.meeting.spentByAll(spentNs)) ?? spentNs,
        result,
        line,
        residence: passed,
        final,
        diary: await quietDiary(arm, proxy),
        exit: await proxy.exited(),
        misplaced: placed(),
        stolenNs: steal.stolenNs,
        slotUsedNs: slots?.usedNs() ?? null,
      });
    } catch (thrown) {
      await load.result.catch(() => undefined);
      settings.cutOff(trafficUntil(load.live(), connections));
      throw thrown;
    } finally {
      // Whatever ended the trial early, its threads have ended too before the proxy is stopped.
      await load.result.catch(() => undefined);
      clearInterval(watch);
      steal?.stop();
      slots?.stop();
      memory?.stop();
    }
  } finally {
    await proxy.stop();
  }
}

export async function loadSettings(
  settings: LoadWish,
  proxy: Pick<SeenProxy, "endpoint">,
): Promise<LoadSettings> {
  const { arm, pool, engine, placement, realTime = false, seed, ratePerS, warmupS, durationS } = settings;
  const { shared, signal } = settings;
  const { workload } = arm.plan;
  await settings.line?.begin(workload.line ?? fairWeather, seed);
  const load = {
    pool,
    engine,
    cpus: placement.generator,
    realTime,
    sources: sourcesFor(proxy.endpoint, clientSockets(arm.plan), readMachineLimits()),
    target: await targetOf(arm, proxy.endpoint),
    workload,
    splitEvery: canSplit(settings) ? splitEvery : 0,
    talk: arm.own.talk,
    shape: shapeOf(settings),
    ...orderPushes(settings),
    answers: arm.answers,
    seed,
    ratePerS,
    warmupNs: warmupS * 1e9,
    durationNs: durationS * 1e9,
    patience: settings.patience ?? usualPatience,
    ...(shared === undefined ? {} : { startsAt: () => shared.meeting.untilStart(shared.turn) }),
    signal,
  };
  return overLine(load, settings.line);
}

/** In slots the rate is that of a slot, and there is none between them. */
function shapeOf({ arm, shared }: LoadWish): LoadShape {
  if (shared === undefined) return arm.shape;
  const { legs, ratePerS } = shared.slots;
  return { ...arm.shape, rateLegs: { legs, ratePerS, fromStart: true } };
}

/** Kernel stamps are needed on both sides, and a backend that knows the messages which carry them. */
function canSplit({ arm, engine, pool }: LoadWish): boolean {
  return (
    arm.plan.workload.split &&
    arm.own.talk?.message == null &&
    engine !== "ws" &&
    // With agents, only their own backends are on their generators' clocks.
    (pool.barrier === undefined || arm.behind === null) &&
    arm.backend?.engine === "epoll" &&
    arm.backend.sharesClock
  );
}

function watchProgress(load: RunningLoad, { progress }: TrialSettings): NodeJS.Timeout {
  let order: StartOrder | null = null;
  load.started.then(
    (given) => {
      order = given;
    },
    () => undefined,
  );
  return setInterval(() => progress(phaseOf(order), load.live()), progressEveryMs);
}

function phaseOf(order: StartOrder | null): TrialPhase {
  if (order === null) return "connect";
  const now = monotonicClock.now();
  if (now < order.measureNs) return "warm-up";
  return now < order.endNs ? "measure" : "drain";
}
