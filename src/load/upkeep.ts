/**
 * Keeps a thread's connections up: opens again what was lost, as a client would; closes and opens some on purpose, so that
 * what a proxy keeps of a connection that is over shows; and has as many as a load's stages want.
 */
import type { Clock } from "../base/clock.js";
import { createPrng, type Prng } from "../base/prng.js";
import { backoffMs } from "./backoff.js";
import { Churning } from "./churn.js";
import { ConnectionCourse } from "./connection-course.js";
import type { ConnectionNote } from "./connection-note.js";
import { ConnectionNotes, type Ended } from "./connection-notes.js";
import type { Engine } from "./engine.js";
import type { Exchanges } from "./exchanges.js";
import type { StartOrder, ThreadJob, UpkeepCounts, UpkeepOrder } from "./messages.js";
import type { OpenConnections } from "./open-connections.js";
import { Retirements } from "./retirements.js";
import { Soon } from "./soon.js";

interface UpkeepSettings {
  readonly open: OpenConnections;
  readonly exchanges: Pick<Exchanges, "isIdle">;
  readonly engine: Pick<Engine, "open" | "close" | "timers">;
  readonly clock: Clock;
  /** There may be less to wait for. */
  readonly settled: () => void;
}

/** Null when the job asks for none. */
export function createUpkeep(job: ThreadJob, settings: UpkeepSettings): Upkeep | null {
  return job.upkeep === null ? null : new Upkeep(job.upkeep, job, settings);
}

/** `away`: not wanted yet, or no more. `retiring`: takes no more messages, and is closed once all are answered. */
const places = { away: 0, opening: 1, open: 2, retiring: 3, closing: 4 } as const;

export class Upkeep {
  readonly #order: UpkeepOrder;
  readonly #settings: UpkeepSettings;
  readonly #prng: Prng;
  readonly #churning: Churning | null;
  readonly #retirements: Retirements;
  /** Of `places`, by connection. */
  readonly #place: Uint8Array;
  /** 1 from the end of the first try to open it, by connection. */
  readonly #wasTried: Uint8Array;
  readonly #tries: Uint8Array;
  /** Null where none are taken. */
  readonly #notes: ConnectionNotes | null;
  /** On their way by our own doing: waited for at the end. */
  readonly #underWay = new Set<number>();
  readonly #soon: Soon;
  /** Those with lower numbers are to be up. */
  #wanted: number;
  /** Null without stages of connections, and before they begin. */
  #course: ConnectionCourse | null = null;
  /** Until when it was followed. */
  #followedNs = 0;
  #isSettling = false;
  #isOver = false;
  readonly #counts = { lost: 0, reopened: 0, churned: 0, failedTries: 0 };

  constructor(
    order: UpkeepOrder,
    { connections, seed }: Pick<ThreadJob, "connections" | "seed">,
    settings: UpkeepSettings,
  ) {
    this.#order = order;
    this.#settings = settings;
    this.#prng = createPrng(seed);
    this.#place = new Uint8Array(connections).fill(places.opening);
    this.#wasTried = new Uint8Array(connections);
    this.#tries = new Uint8Array(connections);
    this.#notes = order.takesNotes ? new ConnectionNotes(connections, settings.clock) : null;
    this.#wanted = connections;
    const { churn = null } = order;
    const { timers } = settings.engine;
    const retire = (connection: number): void => this.#retire(connection);
    this.#churning =
      churn === null ? null : new Churning(churn, { ...settings, timers, seed, connections, retire });
    this.#retirements = new Retirements({ ...settings, timers, close: (one) => this.#close(one) });
    this.#soon = new Soon({ ...settings, timers, open: (one) => this.#open(one) });
  }

  /** Churns, and follows the stages, from now on. */
  start(order: Pick<StartOrder, "measureNs" | "endNs">): void {
    this.#churning?.start();
    const { course = null } = this.#order;
    if (course === null) return;
    this.#course = new ConnectionCourse(course, order);
    this.#wanted = this.#course.wantedAt(0);
    this.#place.fill(places.away, this.#wanted);
    this.#follow(this.#course);
  }

  /** The load's time is over: all that is under way by our own doing is waited for, and no more begun. */
  settle(): void {
    this.#churning?.stop();
    // The last look may be late, as on a busy machine.
    if (this.#course !== null) this.#follow(this.#course);
    this.#isSettling = true;
    for (const one of this.#retirements.list()) if (one < this.#wanted) this.#keep(one);
  }

  /** Whether the load's time is over, and nothing under way any more. */
  get isSettled(): boolean {
    return this.#isSettling && this.#underWay.size === 0;
  }

  /** From now on what is lost stays lost. */
  stop(): void {
    this.#isOver = true;
  }

  counts(): UpkeepCounts {
    return { ...this.#counts };
  }

  /** What was noted since the last time. */
  takeNotes(): readonly ConnectionNote[] {
    return this.#notes?.take() ?? [];
  }

  /** A connection is open. @returns whether that was its first try */
  opened(connection: number): boolean {
    this.#place[connection] = places.open;
    this.#tries[connection] = 0;
    this.#doneWith(connection);
    if (connection >= this.#wanted) this.#retire(connection);
    else this.#churning?.opened(connection);
    if (this.#isFirstTry(connection)) return true;
    this.#counts.reopened++;
    this.#notes?.back(connection);
    return false;
  }

  /** An opening failed; there will be another. @returns whether that was its first try */
  failed(connection: number): boolean {
    this.#doneWith(connection);
    const isFirst = this.#isFirstTry(connection);
    if (!isFirst) this.#counts.failedTries++;
    this.#tries[connection] = Math.min(255, (this.#tries[connection] as number) + 1);
    this.#openAgain(connection);
    return isFirst;
  }

  /** An open connection is over. @returns whether that was our own doing */
  ended(connection: number, end: Ended): boolean {
    const isOwn = this.#place[connection] === places.closing;
    this.#retirements.drop(connection);
    if (isOwn) this.#counts.churned++;
    else {
      this.#counts.lost++;
      this.#notes?.lost(connection, end);
    }
    this.#soon.ended();
    // One that is wanted is still to be back for the end.
    if (isOwn && connection < this.#wanted) this.#underWay.add(connection);
    else this.#doneWith(connection);
    this.#openAgain(connection, isOwn ? 0 : undefined);
    return isOwn;
  }

  #isFirstTry(connection: number): boolean {
    const isFirst = this.#wasTried[connection] === 0;
    this.#wasTried[connection] = 1;
    return isFirst;
  }

  #doneWith(connection: number): void {
    if (this.#underWay.delete(connection) && this.#isSettling) this.#settings.settled();
  }

  /** @param waitMs by the number of tries unless given */
  #openAgain(connection: number, waitMs?: number): void {
    const { clock, engine } = this.#settings;
    const isWanted = connection < this.#wanted;
    this.#place[connection] = isWanted ? places.opening : places.away;
    if (!isWanted) return;
    const tries = this.#tries[connection] as number;
    const wait = waitMs ?? backoffMs(this.#order.reconnect, tries, this.#prng);
    if (wait > 0) engine.timers.at(clock.now() + wait * 1e6, () => this.#open(connection));
    else this.#soon.add(connection);
  }

  #open(connection: number): void {
    if (this.#isOver) return;
    // A peak that lasts no time still has all its connections.
    if (connection >= this.#wanted && this.#wasTried[connection] === 1) {
      this.#place[connection] = places.away;
      this.#doneWith(connection);
      return;
    }
    this.#notes?.tried();
    this.#settings.engine.open(connection);
  }

  /** Opens and closes what the stages want, and looks again when they want another number. */
  #follow(course: ConnectionCourse): void {
    if (this.#isSettling) return;
    const { clock, engine } = this.#settings;
    const nowNs = clock.now();
    const all = course.wantedSince(this.#followedNs, nowNs);
    this.#followedNs = nowNs;
    for (const wanted of all) {
      const before = this.#wanted;
      this.#wanted = wanted;
      for (let one = wanted; one < before; one++) this.#leave(one);
      for (let one = before; one < wanted; one++) this.#join(one);
    }
    const nextNs = course.nextNs(nowNs);
    if (Number.isFinite(nextNs)) engine.timers.at(nextNs, () => this.#follow(course));
  }

  /** It is wanted no more: one that is being opened is closed when it is open. */
  #leave(connection: number): void {
    if (this.#place[connection] === places.open) this.#retire(connection);
  }

  /** It is wanted; one that is being closed is opened again when it is. */
  #join(connection: number): void {
    if (this.#place[connection] === places.retiring) this.#keep(connection);
    else if (this.#place[connection] === places.away) {
      this.#underWay.add(connection);
      this.#openAgain(connection, 0);
    }
  }

  /** It gets no further messages, and is closed once all are answered: nothing is to be lost by it. */
  #retire(connection: number): void {
    this.#settings.open.remove(connection);
    this.#place[connection] = places.retiring;
    this.#underWay.add(connection);
    this.#retirements.add(connection);
  }

  #keep(connection: number): void {
    this.#retirements.drop(connection);
    this.#place[connection] = places.open;
    this.#settings.open.add(connection);
    this.#doneWith(connection);
  }

  #close(connection: number): void {
    this.#place[connection] = places.closing;
    this.#settings.engine.close(connection);
  }
}
