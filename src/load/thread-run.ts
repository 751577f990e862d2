/**
 * One generator thread's part of one trial: connect, wait for the start, warm up and measure, drain, close.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicClock } from "../base/clock.js";
import { createDeferred } from "../base/deferred.js";
import type { ConnectionFault, Engine, EngineSettings, OpeningTimes } from "./engine.js";
import { LiveWriter } from "./live-figures.js";
import { createMessageSource, type MessageSource } from "./message-source.js";
import type { ReadyMessage, StartOrder, ThreadJob, ThreadReport } from "./messages.js";
import { startOpenLoop } from "./open-loop.js";
import { type Opener, startOpener } from "./opener.js";
import { createUniformPacer } from "./pacer.js";
import { Recorder } from "./recorder.js";
import { threadCpuNs } from "./thread-cpu.js";

/** How long the closing handshakes may take before what is left is cut. */
const closeTimeoutMs = 2000;

/** Runs a thread's part of a trial. @param createEngine makes the engine that the job names */
export async function runThread(
  job: ThreadJob,
  createEngine: (settings: EngineSettings) => Engine,
): Promise<ThreadReport> {
  const run = new ThreadRun(job, createEngine);
  try {
    return await run.toReport();
  } finally {
    run.dispose();
  }
}

class ThreadRun {
  readonly #job: ThreadJob;
  readonly #engine: Engine;
  readonly #source: MessageSource;
  readonly #recorder: Recorder;
  readonly #live: LiveWriter;
  readonly #opener: Opener;
  readonly #allClosed = createDeferred();
  readonly #allAnswered = createDeferred();
  /** Open connections in no order, and each one's place among them, so that one can be taken out at once. */
  readonly #open: number[] = [];
  readonly #placeOf: Int32Array;
  #turn = 0;
  #opened = 0;
  #failed = 0;
  #closing = false;
  /** A closed loop sends until then; 0 in an open loop, where replies trigger nothing. */
  #resendUntilNs = 0;
  #sendingDone = false;

  constructor(job: ThreadJob, createEngine: (settings: EngineSettings) => Engine) {
    this.#job = job;
    this.#live = new LiveWriter(job.live);
    this.#placeOf = new Int32Array(job.connections).fill(-1);
    this.#source = createMessageSource(job.message, { seed: job.seed, answers: job.answers });
    this.#recorder = new Recorder(job.connections, this.#source, this.#live);
    this.#engine = createEngine({
      target: job.target,
      handshakeTimeoutMs: job.handshakeTimeoutMs,
      events: {
        opened: (connection, times) => this.#onOpened(connection, times),
        failed: (_connection, fault) => this.#onFailed(fault),
        message: (connection, data, isBinary) => this.#onMessage(connection, data, isBinary),
        closed: (connection, fault) => this.#onClosed(connection, fault),
      },
    });
    this.#opener = startOpener({
      connections: job.connections,
      rampPerS: job.rampPerS,
      open: (connection) => this.#engine.open(connection),
      now: () => monotonicClock.now(),
    });
  }

  async toReport(): Promise<ThreadReport> {
    await this.#opener.done;
    const order = await this.#askForStart();
    this.#recorder.begin(order);
    const cpuShare = this.#measureCpu(order);
    await this.#load(order);
    const held = this.#open.length;
    await this.#close();
    this.#recorder.finish();
    return {
      opened: this.#opened,
      failed: this.#failed,
      held,
      counts: this.#recorder.counts(),
      failures: this.#recorder.failures.list(),
      histograms: this.#recorder.encodedHistograms(),
      cpuShare: await cpuShare,
    };
  }

  dispose(): void {
    this.#engine.destroy();
    this.#job.port.close();
  }

  #askForStart(): Promise<StartOrder> {
    const { port } = this.#job;
    return new Promise((resolve) => {
      port.once("message", (order: StartOrder) => resolve(order));
      port.postMessage({ opened: this.#opened } satisfies ReadyMessage);
    });
  }

  /** Sends until the end, then waits for the replies under way, up to the drain's end. */
  async #load(order: StartOrder): Promise<void> {
    await sleepUntil(order.startNs);
    const stop = order.ratePerS === null ? this.#startClosedLoop(order) : this.#startOpenLoop(order);
    await sleepUntil(order.endNs);
    const drainMs = (order.endNs + order.drainNs - monotonicClock.now()) / 1e6;
    if (order.ratePerS === null) this.#finishSending();
    const timeout = new AbortController();
    await Promise.race([
      this.#allAnswered.promise,
      sleep(Math.max(0, drainMs), undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    stop();
  }

  #startClosedLoop(order: StartOrder): () => void {
    this.#resendUntilNs = order.endNs;
    for (const connection of [...this.#open]) this.#send(connection, monotonicClock.now());
    return () => undefined;
  }

  #startOpenLoop(order: StartOrder): () => void {
    return startOpenLoop({
      pacer: createUniformPacer(order.ratePerS ?? 0, order.phase),
      startNs: order.startNs,
      endNs: order.endNs,
      clock: monotonicClock,
      send: (intendedNs) => {
        this.#recorder.due(intendedNs);
        const connection = this.#open[this.#turn++ % this.#open.length];
        if (connection !== undefined) this.#send(connection, intendedNs);
      },
      done: () => this.#finishSending(),
    });
  }

  #finishSending(): void {
    this.#sendingDone = true;
    this.#resolveWhenAnswered();
  }

  #resolveWhenAnswered(): void {
    if (this.#sendingDone && this.#recorder.exchanges.inFlight === 0) this.#allAnswered.resolve();
  }

  #send(connection: number, intendedNs: number): void {
    const data = this.#source.messageFor(this.#recorder.exchanges.nextSequence(connection));
    const sentNs = monotonicClock.now();
    if (this.#engine.send(connection, data, this.#source.binary)) {
      this.#recorder.sent(connection, intendedNs, sentNs);
    }
  }

  #onOpened(connection: number, { connectNs, tlsNs, upgradeNs }: OpeningTimes): void {
    this.#placeOf[connection] = this.#open.push(connection) - 1;
    this.#opened++;
    this.#live.add("opened");
    this.#recorder.record("connect", connectNs);
    if (tlsNs !== null) this.#recorder.record("tls", tlsNs);
    this.#recorder.record("upgrade", upgradeNs);
    this.#opener.settled();
  }

  #onFailed({ kind, code, detail }: ConnectionFault): void {
    this.#failed++;
    this.#live.add("failed");
    this.#recorder.failures.add(kind, detail, { code });
    this.#opener.settled();
  }

  #onMessage(connection: number, data: Buffer, isBinary: boolean): void {
    const nowNs = monotonicClock.now();
    const outcome = this.#recorder.replied(connection, data, isBinary, nowNs);
    if (outcome === "unasked") return;
    if (nowNs < this.#resendUntilNs) this.#send(connection, nowNs);
    else this.#resolveWhenAnswered();
  }

  #onClosed(connection: number, { kind, code, detail }: ConnectionFault): void {
    const place = this.#placeOf[connection] as number;
    const last = this.#open.pop() as number;
    if (last !== connection) {
      this.#open[place] = last;
      this.#placeOf[last] = place;
    }
    this.#recorder.ended(connection);
    if (!this.#closing) this.#recorder.failures.add(kind, detail, { code });
    this.#resolveWhenAnswered();
    if (this.#closing && this.#open.length === 0) this.#allClosed.resolve();
  }

  async #close(): Promise<void> {
    this.#closing = true;
    if (this.#open.length === 0) return;
    for (const connection of [...this.#open]) this.#engine.close(connection);
    const timeout = new AbortController();
    await Promise.race([
      this.#allClosed.promise,
      sleep(closeTimeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
  }

  /** Processor time of this thread over the measured window, as a share of its length. */
  async #measureCpu({ measureNs, endNs }: StartOrder): Promise<number | null> {
    await sleepUntil(measureNs);
    const before = { cpuNs: threadCpuNs(), atNs: monotonicClock.now() };
    await sleepUntil(endNs);
    const cpuNs = threadCpuNs();
    if (cpuNs === null || before.cpuNs === null) return null;
    return (cpuNs - before.cpuNs) / (monotonicClock.now() - before.atNs);
  }
}

/** Never wakes early: Node drops a timer's fraction of a millisecond. */
async function sleepUntil(timeNs: number): Promise<void> {
  for (let leftNs = timeNs - monotonicClock.now(); leftNs > 0; leftNs = timeNs - monotonicClock.now()) {
    await sleep(Math.ceil(leftNs / 1e6));
  }
}
