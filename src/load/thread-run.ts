/**
 * One generator thread's part of one trial: connect, wait for the start, warm up and measure, drain, close.
 */
import { monotonicClock } from "../base/clock.js";
import { createDeferred } from "../base/deferred.js";
import { startOpenLoop } from "../base/open-loop.js";
import { whileRealTime } from "../linux/scheduling.js";
import { closeAll } from "./close-all.js";
import { ClosedLoop } from "./closed-loop.js";
import { connectionsAtStart } from "./connection-course.js";
import { ConnectionEvents } from "./connection-events.js";
import { createTraffic } from "./create-traffic.js";
import type { ConnectionFault, Engine, EngineSettings, OpeningTimes } from "./engine.js";
import { settingsOf } from "./engine-settings.js";
import { createHeartbeat } from "./heartbeat.js";
import { LiveWriter } from "./live-figures.js";
import type { StartOrder, ThreadJob, ThreadReport } from "./messages.js";
import type { OpenConnections } from "./open-connections.js";
import { type Opener, startOpener } from "./opener.js";
import { Recorder } from "./recorder.js";
import { hiderOf } from "./secrets-of-target.js";
import type { Sender } from "./sender.js";
import { fillsOf } from "./talk/fills.js";
import { createTalks, type Talks } from "./talk/talks.js";
import { measureThreadCpu } from "./thread-cpu.js";
import { askForStart, askToClose, listenForEnd } from "./thread-orders.js";
import { toThreadReport } from "./thread-report.js";
import { idleTuning, tuningUnder } from "./tunings.js";
import { createUnasked } from "./unasked/unasked.js";
import { createUpkeep } from "./upkeep.js";
import { Waits } from "./waits.js";
import { startWindowReports } from "./window-reports.js";

export class ThreadRun {
  readonly #job: ThreadJob;
  readonly #engine: Engine;
  readonly #traffic: ReturnType<typeof createTraffic>;
  readonly #sender: Sender;
  readonly #closedLoop: ClosedLoop;
  readonly #recorder: Recorder;
  readonly #opener: Opener;
  readonly #waits: Waits;
  readonly #heartbeat: ReturnType<typeof createHeartbeat>;
  readonly #talks: Talks | null;
  readonly #allSettled = createDeferred();
  readonly #allClosed = createDeferred();
  readonly #allAnswered = createDeferred();
  readonly #endAsked = createDeferred();
  readonly #connections: ConnectionEvents;
  #closing = false;
  #sendingDone = false;

  constructor(job: ThreadJob, createEngine: (settings: EngineSettings) => Engine) {
    this.#job = job;
    const live = new LiveWriter(job.live);
    const fills = fillsOf(job);
    this.#traffic = createTraffic(job, fills);
    this.#recorder = new Recorder(job.connections, this.#traffic.source, live, hiderOf(job.target));
    this.#connections = new ConnectionEvents({
      open: this.#traffic.open,
      recorder: this.#recorder,
      live,
      settled: () => this.#opener.settled(),
    });
    this.#engine = createEngine({
      ...settingsOf(job),
      events: {
        opened: (connection, times) => this.#onOpened(connection, times),
        failed: (connection, fault) => this.#connections.failed(connection, fault),
        pong: () => this.#heartbeat?.answered(),
        message: (connection, data, start, end, isBinary, stampNs) =>
          this.#onMessage(connection, data, start, end, isBinary, stampNs),
        closed: (connection, fault, agoMs) => this.#onClosed(connection, fault, agoMs),
      },
    });
    this.#waits = new Waits(this.#engine);
    const engine = this.#engine;
    this.#sender = this.#traffic.sender({ recorder: this.#recorder, engine });
    const own = { open: this.#open, recorder: this.#recorder, waits: this.#waits };
    const common = { ...own, engine, clock: monotonicClock, timers: engine.timers };
    const { exchanges } = this.#recorder;
    this.#closedLoop = new ClosedLoop(job, { ...common, exchanges, sender: this.#sender });
    this.#heartbeat = createHeartbeat(job.heartbeatS, {
      ...common,
      ping: (connection) => engine.ping(connection),
    });
    this.#talks = createTalks(job, fills, {
      ...common,
      ready: (connection, times) => this.#onReady(connection, times),
    });
    const settled = (): void => this.#resolveWhenAnswered();
    this.#connections.upkeep = createUpkeep(job, { ...common, exchanges, settled });
    this.#connections.unasked = createUnasked(job, { ...common, settled });
    this.#opener = startOpener({
      ...common,
      connections: connectionsAtStart(job),
      rampPerS: job.rampPerS,
      firstAlone: job.target.resume,
      open: (connection) => engine.open(connection),
      done: () => this.#waits.wake(this.#allSettled),
    });
  }

  get #open(): OpenConnections {
    return this.#connections.open;
  }

  async toReport(): Promise<ThreadReport> {
    await this.#allSettled.promise;
    await this.#connections.unasked?.join();
    const order = await askForStart(this.#job.port, this.#connections.openedCount);
    this.#recorder.begin(order, this.#job.shape);
    this.#heartbeat?.start();
    this.#talks?.start();
    this.#connections.unasked?.start(order);
    const cpuShare = measureThreadCpu(order, (timeNs) => this.#waits.within(this.#endAsked, timeNs));
    const load = (): Promise<boolean> => this.#load(order);
    const isWhole = await (this.#job.realTime === true ? whileRealTime(load) : load());
    for (const side of [this.#heartbeat, this.#talks, this.#connections.upkeep]) side?.stop();
    const held = this.#open.count;
    if (order.waitsToClose) await askToClose(this.#job.port);
    this.#closing = true;
    this.#connections.unasked?.finish();
    await closeAll(this.#open, this.#engine, this.#waits, this.#allClosed);
    this.#recorder.finish();
    return toThreadReport(this.#connections, this.#recorder, {
      heartbeats: this.#heartbeat?.counts() ?? null,
      talk: this.#talks?.counts() ?? null,
      held,
      tcpOpened: this.#engine.tcpOpened?.() ?? null,
      // It is of a whole window.
      cpuShare: isWhole ? await cpuShare : null,
    });
  }

  dispose(): void {
    this.#engine.destroy();
    this.#job.port.close();
  }

  /** Sends until the end, then waits for replies up to the drain's end. @returns whether it had all its time */
  async #load(order: StartOrder): Promise<boolean> {
    await this.#waits.sleepUntil(order.startNs);
    this.#recorder.started();
    this.#engine.tune(tuningUnder(order.ratePerS, this.#connections.unasked !== null));
    this.#connections.upkeep?.start(order);
    const windows = startWindowReports({
      order,
      timers: this.#engine.timers,
      recorder: this.#recorder,
      connections: this.#connections,
      port: this.#job.port,
    });
    const stop = this.#startLoop(order);
    const unheard = listenForEnd(this.#job.port, () => this.#waits.wake(this.#endAsked));
    await this.#waits.within(this.#endAsked, order.sendUntilNs);
    unheard();
    const endNs = Math.min(order.sendUntilNs, monotonicClock.now());
    const isWhole = endNs === order.sendUntilNs;
    if (!isWhole) [stop, windows, () => this.#connections.unasked?.stop()].forEach((end) => void end());
    // An open loop's last message may be due long before, and backlog be sent after: connections come and go until now.
    this.#connections.upkeep?.settle();
    if (order.ratePerS === null || !isWhole) this.#finishSending();
    else this.#resolveWhenAnswered();
    await this.#waits.within(this.#allAnswered, endNs + order.drainNs);
    stop();
    this.#engine.tune(idleTuning);
    return isWhole;
  }

  /** @returns sends no more */
  #startLoop(order: StartOrder): () => void {
    const { ratePerS } = order;
    if (ratePerS === null) {
      this.#closedLoop.start(order.sendUntilNs);
      return () => this.#closedLoop.stop();
    }
    const turns = this.#traffic.turns({ ...order, ratePerS });
    return startOpenLoop({
      pacer: turns,
      startNs: order.startNs,
      endNs: order.sendUntilNs,
      clock: monotonicClock,
      timers: this.#engine.timers,
      send: (intendedNs) => this.#sender.fallsDue(turns.nextConnection(), intendedNs),
      done: () => this.#finishSending(),
    });
  }

  #finishSending(): void {
    this.#sendingDone = true;
    this.#closedLoop.stop();
    this.#connections.unasked?.awaitRest();
    this.#resolveWhenAnswered();
  }

  #resolveWhenAnswered(): void {
    const { upkeep, unasked } = this.#connections;
    const areOthersDone = unasked?.isDone !== false && upkeep?.isSettled !== false;
    if (this.#sendingDone && areOthersDone && this.#recorder.exchanges.inFlight === 0)
      this.#waits.wake(this.#allAnswered);
  }

  #onOpened(connection: number, times: OpeningTimes): void {
    if (this.#talks === null) this.#onReady(connection, times);
    else this.#talks.opened(connection, times);
  }

  /** It may carry load. */
  #onReady(connection: number, times: OpeningTimes): void {
    this.#sender.opened(connection);
    this.#connections.opened(connection, times);
    this.#closedLoop.opened(connection);
  }

  #onMessage(
    connection: number,
    data: Buffer,
    start: number,
    end: number,
    isBinary: boolean,
    stampNs: number,
  ): boolean {
    if (this.#connections.unasked?.takes(connection, data, start, end, stampNs)) return true;
    if (this.#talks?.takes(connection, data, start, end)) return true;
    const nowNs = monotonicClock.now();
    const outcome = this.#recorder.replied(connection, data, start, end, isBinary, nowNs, stampNs);
    if (outcome === "not-utf8") return false;
    if (outcome === "unasked") return true;
    // The next message goes out within the microsecond: one reading of the clock serves for both.
    if (nowNs < this.#closedLoop.untilNs) this.#closedLoop.replied(connection, nowNs);
    else if (this.#sendingDone) this.#resolveWhenAnswered();
    return true;
  }

  #onClosed(connection: number, fault: ConnectionFault, agoMs: number): void {
    const early = this.#talks?.closed(connection, fault) ?? null;
    if (early !== null) this.#connections.failed(connection, early);
    else this.#connections.closed(connection, fault, { isClosing: this.#closing, agoMs });
    this.#resolveWhenAnswered();
    if (this.#closing && this.#open.count === 0) this.#waits.wake(this.#allClosed);
  }
}
