/**
 * A loop that waits for the kernel by itself, for a thread or a process that does little else: sockets and timers at
 * the cost of the system calls. Now and then it lets Node's own loop have a turn, for messages and promises.
 */
import { setImmediate as nodeTurn } from "node:timers/promises";
import { monotonicClock } from "../base/clock.js";
import { TimerQueue } from "../base/timers.js";
import { Epoll, epollEvents } from "./epoll.js";
import type { NodeLoop } from "./node-loop.js";

interface EventLoopSettings {
  /** Called for each socket that has events: its tag, which is not negative, and the mask of `epollEvents`. */
  readonly handle: (tag: number, mask: number) => void;
  /** Never sleeps: looks for events all the time. */
  readonly busyPoll: boolean;
  /** Gives Node its turns when it has work, and then only; without it by the clock, every `yieldEveryNs`. */
  readonly nodeLoop?: NodeLoop | null;
  /** Waits in the epoll's place; left out, the loop waits in its epoll. */
  readonly waiter?: Waiter;
}

/** Something else that waits for the kernel, and for the loop's epoll through it. */
interface Waiter {
  /**
   * Waits for events, and handles them; calls `handleReady` when the epoll is readable.
   * @param timeoutNs 0 only looks
   */
  wait(timeoutNs: number): void;
  /** Node is about to have a turn, which may take long: what is to go out goes now. */
  flush(): void;
}

/** Fewer stay in the processor's caches between the read and the answer (see `Epoll`). */
const eventsAtOnce = 64;
const nodeTag = -1;

export class EventLoop {
  readonly epoll = new Epoll(eventsAtOnce);
  readonly timers = new TimerQueue();
  /** How long the loop may go on before Node has a turn. A turn costs some ten microseconds. */
  yieldEveryNs = 1e6;
  /** How often it has waited, and for how many events in all: near `eventsAtOnce` a wait it is behind with its work. */
  waits = 0;
  events = 0;
  readonly #settings: EventLoopSettings;
  readonly #nodeLoop: NodeLoop | null;
  #yields: boolean;
  #isStopped = false;

  constructor(settings: EventLoopSettings) {
    this.#settings = settings;
    this.#nodeLoop = settings.nodeLoop ?? null;
    // Whoever starts the loop has work left for Node to do.
    this.#yields = this.#nodeLoop !== null;
    if (this.#nodeLoop !== null) this.epoll.add(this.#nodeLoop.fd, epollEvents.readable, nodeTag);
  }

  /** Gives Node a turn as soon as what is at hand has been handled. */
  yieldSoon(): void {
    this.#yields = true;
  }

  /** Goes on until `stop`. A mistake in a handler ends it and rejects. */
  async run(): Promise<void> {
    let yieldAtNs = this.#nextYieldNs();
    while (!this.#isStopped) {
      this.#turn(yieldAtNs);
      if (!this.#yields && monotonicClock.now() < yieldAtNs) continue;
      this.#yields = false;
      this.#settings.waiter?.flush();
      await (this.#nodeLoop?.turn() ?? nodeTurn());
      yieldAtNs = this.#nextYieldNs();
    }
    this.#nodeLoop?.close();
    this.epoll.close();
  }

  /** The sockets stay open; the epoll is closed when the loop has noticed. */
  stop(): void {
    this.#isStopped = true;
    this.yieldSoon();
  }

  /** Handles what the epoll has, to the last event: who waits for it is told of new ones only. */
  handleReady(): void {
    while (this.#handleSome(0) > 0 && !this.#isStopped);
  }

  #nextYieldNs(): number {
    return monotonicClock.now() + (this.#nodeLoop?.patienceNs() ?? this.yieldEveryNs);
  }

  #turn(yieldAtNs: number): void {
    const { waiter, busyPoll } = this.#settings;
    const timeoutNs = busyPoll ? 0 : this.#patienceNs(yieldAtNs);
    if (waiter === undefined) this.#handleSome(timeoutNs);
    else waiter.wait(timeoutNs);
    const nextNs = this.timers.nextNs();
    if (nextNs === Number.POSITIVE_INFINITY) return;
    const nowNs = monotonicClock.now();
    if (nextNs <= nowNs) this.timers.runDue(nowNs);
  }

  /** @returns how many events there were */
  #handleSome(timeoutNs: number): number {
    const count = this.epoll.wait(timeoutNs);
    this.waits++;
    this.events += count;
    for (let i = 0; i < count; i++) {
      const tag = this.epoll.tagAt(i);
      if (tag === nodeTag) this.#yields = true;
      else this.#settings.handle(tag, this.epoll.maskAt(i));
    }
    return count;
  }

  /** Negative: without end. */
  #patienceNs(yieldAtNs: number): number {
    if (this.#yields) return 0;
    const wakeNs = Math.min(this.timers.nextNs(), yieldAtNs);
    if (wakeNs === Number.POSITIVE_INFINITY) return -1;
    return Math.max(0, wakeNs - monotonicClock.now());
  }
}
