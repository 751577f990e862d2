/**
 * Keeps a thread's connections up: opens again what was lost, as a client would, and closes and opens some on purpose,
 * so that what a proxy keeps of a connection that is over shows.
 */
import type { Clock } from "../base/clock.js";
import { createPrng, type Prng } from "../base/prng.js";
import { backoffMs } from "./backoff.js";
import type { ConnectionNote } from "./connection-note.js";
import type { ConnectionFault, Engine } from "./engine.js";
import type { Exchanges } from "./exchanges.js";
import type { ThreadJob, UpkeepCounts, UpkeepOrder } from "./messages.js";
import type { OpenConnections } from "./open-connections.js";

interface UpkeepSettings {
  readonly open: OpenConnections;
  readonly exchanges: Pick<Exchanges, "isIdle">;
  readonly engine: Pick<Engine, "open" | "close" | "timers">;
  readonly clock: Clock;
}

/** Null when the job asks for none. */
export function createUpkeep(job: ThreadJob, settings: UpkeepSettings): Upkeep | null {
  return job.upkeep === null ? null : new Upkeep(job.upkeep, job, settings);
}

/** What is under way on one that is to be closed is waited for so long. */
const retireLimitNs = 5e9;

interface Ended extends Pick<ConnectionFault, "kind" | "code"> {
  /** As `EngineEvents.closed` has it. */
  readonly agoMs: number;
}

interface Retiring {
  readonly connection: number;
  readonly untilNs: number;
}

/** Of those to be opened at once, so many are begun before others have a turn. */
const opensAtOnce = 64;
/** And so many while others end: an opening costs ten times what it takes to notice an end, and a reset has no other date. */
const opensAmidEnds = 8;

const places = { kept: 0, reopening: 1, retiring: 2 } as const;

export class Upkeep {
  readonly #order: UpkeepOrder;
  readonly #settings: UpkeepSettings;
  readonly #prng: Prng;
  /** Of `places`, by connection. */
  readonly #place: Uint8Array;
  readonly #tries: Uint8Array;
  #retiring: Retiring[] = [];
  /** To be opened as soon as can be, the first first. */
  #soon: number[] = [];
  /** Whether one has ended since some were opened last. */
  #areEnding = false;
  #isOver = false;
  /** Since they were last taken. */
  #notes: ConnectionNote[] = [];
  /** By connection, for the notes. */
  readonly #lostNs: Float64Array;
  readonly #counts = { lost: 0, reopened: 0, churned: 0, failedTries: 0 };

  constructor(
    order: UpkeepOrder,
    { connections, seed }: Pick<ThreadJob, "connections" | "seed">,
    settings: UpkeepSettings,
  ) {
    this.#order = order;
    this.#settings = settings;
    this.#prng = createPrng(seed);
    this.#place = new Uint8Array(connections);
    this.#tries = new Uint8Array(connections);
    this.#lostNs = new Float64Array(order.takesNotes ? connections : 0);
  }

  /** Churns from now on. */
  start(): void {
    const { churnPerS } = this.#order;
    if (churnPerS > 0) this.#churnAt(this.#settings.clock.now() + 1e9 / churnPerS);
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
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** A connection is open. @returns whether it was opened again */
  opened(connection: number): boolean {
    const isAgain = this.#place[connection] === places.reopening;
    this.#place[connection] = places.kept;
    this.#tries[connection] = 0;
    if (isAgain) {
      this.#counts.reopened++;
      if (this.#order.takesNotes) {
        const atNs = this.#settings.clock.now();
        this.#notes.push({ what: "back", atNs, downNs: atNs - (this.#lostNs[connection] as number) });
      }
    }
    return isAgain;
  }

  /** An opening failed; there will be another. @returns whether it was to be opened again */
  failed(connection: number): boolean {
    const isAgain = this.#place[connection] === places.reopening;
    if (isAgain) this.#counts.failedTries++;
    this.#tries[connection] = Math.min(255, (this.#tries[connection] as number) + 1);
    this.#openAgain(connection);
    return isAgain;
  }

  /** An open connection is over; it will be opened again. @returns whether that was churn */
  ended(connection: number, { kind, code, agoMs }: Ended): boolean {
    const isChurn = this.#place[connection] === places.retiring;
    if (isChurn) this.#counts.churned++;
    else {
      this.#counts.lost++;
      if (this.#order.takesNotes) {
        // Of many that end at once the last is read late, and was lost when its end came.
        const atNs = this.#settings.clock.now() - agoMs * 1e6;
        this.#lostNs[connection] = atNs;
        this.#notes.push({ what: "lost", atNs, kind, code });
      }
    }
    if (isChurn) this.#retiring = this.#retiring.filter((one) => one.connection !== connection);
    this.#areEnding = true;
    this.#openAgain(connection, isChurn ? 0 : undefined);
    return isChurn;
  }

  /** Never at once: whoever closed it is still at work on its socket. */
  #openAgain(connection: number, waitMs?: number): void {
    const { clock, engine } = this.#settings;
    this.#place[connection] = places.reopening;
    const tries = this.#tries[connection] as number;
    const wait = waitMs ?? backoffMs(this.#order.reconnect, tries, this.#prng);
    if (wait > 0) {
      engine.timers.at(clock.now() + wait * 1e6, () => {
        if (!this.#isOver) this.#open(connection);
      });
    } else if (this.#soon.push(connection) === 1) engine.timers.at(clock.now(), () => this.#openSoon());
  }

  #openSoon(): void {
    if (this.#isOver) return;
    const { clock, engine } = this.#settings;
    const some = this.#soon.splice(0, this.#areEnding ? opensAmidEnds : opensAtOnce);
    this.#areEnding = false;
    if (this.#soon.length > 0) engine.timers.at(clock.now(), () => this.#openSoon());
    for (const connection of some) this.#open(connection);
  }

  #open(connection: number): void {
    if (this.#order.takesNotes) this.#notes.push({ what: "tried", atNs: this.#settings.clock.now() });
    this.#settings.engine.open(connection);
  }

  #churnAt(dueNs: number): void {
    this.#settings.engine.timers.at(dueNs, () => {
      if (this.#isOver) return;
      this.#retireNext();
      this.#churnAt(dueNs + 1e9 / this.#order.churnPerS);
    });
  }

  /** It gets no further messages, and is closed once all are answered: churn is to lose nothing. */
  #retireNext(): void {
    const { open, clock, exchanges, engine } = this.#settings;
    const connection = open.next();
    const nowNs = clock.now();
    if (connection !== undefined) {
      open.remove(connection);
      this.#place[connection] = places.retiring;
      this.#retiring.push({ connection, untilNs: nowNs + retireLimitNs });
    }
    const ready = this.#retiring.filter((one) => exchanges.isIdle(one.connection) || nowNs > one.untilNs);
    this.#retiring = this.#retiring.filter((one) => !ready.includes(one));
    for (const one of ready) engine.close(one.connection);
  }
}
