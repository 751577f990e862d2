/**
 * A loop that waits for the kernel by itself, for a thread or a process that does little else: sockets and timers at
 * the cost of the system calls. Now and then it lets Node's own loop have a turn, for messages and promises.
 */
import { setImmediate as nodeTurn } from "node:timers/promises";
import { monotonicClock } from "../base/clock.js";
import { TimerQueue } from "../base/timers.js";
import { Epoll } from "./epoll.js";

export interface EventLoopSettings {
  /** Called for each socket that has events: its tag and the mask of `epollEvents`. */
  readonly handle: (tag: number, mask: number) => void;
  /** Never sleeps: looks for events all the time. */
  readonly busyPoll: boolean;
  /** Waits in the epoll's place; left out, the loop waits in its epoll. */
  readonly waiter?: Waiter;
}

/** Something else that waits for the kernel, and for the loop's epoll through it. */
export interface Waiter {
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

export class EventLoop {
  readonly epoll = new Epoll(eventsAtOnce);
  readonly timers = new TimerQueue();
  /** How long the loop may go on before Node has a turn. A turn costs some ten microseconds. */
  yieldEveryNs = 1e6;
  readonly #settings: EventLoopSettings;
  #yields = false;
  #isStopped = false;

  constructor(settings: EventLoopSettings) {
    this.#settings = settings;
  }

  /** Gives Node a turn as soon as what is at hand has been handled. */
  yieldSoon(): void {
    this.#yields = true;
  }

  /** Goes on until `stop`. A mistake in a handler ends it and rejects. */
  async run(): Promise<void> {
    let yieldAtNs = monotonicClock.now() + this.yieldEveryNs;
    while (!this.#isStopped) {
      this.#turn(yieldAtNs);
      if (!this.#yields && monotonicClock.now() < yieldAtNs) continue;
      this.#yields = false;
      this.#settings.waiter?.flush();
      await nodeTurn();
      yieldAtNs = monotonicClock.now() + this.yieldEveryNs;
    }
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

  #handleSome(timeoutNs: number): number {
    const count = this.epoll.wait(timeoutNs);
    for (let i = 0; i < count; i++) this.#settings.handle(this.epoll.tagAt(i), this.epoll.maskAt(i));
    return count;
  }

  #patienceNs(yieldAtNs: number): number {
    if (this.#yields) return 0;
    const wakeNs = Math.min(this.timers.nextNs(), yieldAtNs);
    return Math.max(0, wakeNs - monotonicClock.now());
  }
}
