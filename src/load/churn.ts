/** Which of a thread's connections end, and when, to be opened again: in turn at a rate, or each after its life. */
import type { Clock } from "../base/clock.js";
import { createPrng, type Prng } from "../base/prng.js";
import type { Timers } from "../base/timers.js";
import type { Churn } from "../scenario/churn.js";
import type { OpenConnections } from "./open-connections.js";
import { drawNs, drawRestNs } from "./shape/draw-time.js";

interface ChurningSettings {
  readonly open: OpenConnections;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly seed: number;
  readonly connections: number;
  /** The connection's time is over. */
  readonly retire: (connection: number) => void;
}

export class Churning {
  readonly #churn: Churn;
  readonly #settings: ChurningSettings;
  readonly #prng: Prng;
  /** When each connection's life is over: that of one that has ended meanwhile counts no more. */
  readonly #dueNs: Float64Array;
  #isOn = false;

  constructor(churn: Churn, settings: ChurningSettings) {
    this.#churn = churn;
    this.#settings = settings;
    this.#prng = createPrng(settings.seed);
    this.#dueNs = new Float64Array(churn.kind === "life" ? settings.connections : 0);
  }

  /** The load begins, with each connection somewhere in its life, so that they do not end together. */
  start(): void {
    this.#isOn = true;
    const { clock, open } = this.#settings;
    const nowNs = clock.now();
    if (this.#churn.kind === "rate") this.#nextAt(nowNs + 1e9 / this.#churn.perS, this.#churn.perS);
    else for (const one of open.list()) this.#endsAt(one, nowNs + drawRestNs(this.#churn.life, this.#prng));
  }

  stop(): void {
    this.#isOn = false;
  }

  /** A connection is open, for the first time or again. */
  opened(connection: number): void {
    if (!this.#isOn || this.#churn.kind === "rate") return;
    this.#endsAt(connection, this.#settings.clock.now() + drawNs(this.#churn.life, this.#prng));
  }

  #nextAt(dueNs: number, perS: number): void {
    const { timers, open, retire } = this.#settings;
    timers.at(dueNs, () => {
      if (!this.#isOn) return;
      const connection = open.next();
      if (connection !== undefined) retire(connection);
      this.#nextAt(dueNs + 1e9 / perS, perS);
    });
  }

  #endsAt(connection: number, dueNs: number): void {
    const { timers, open, retire } = this.#settings;
    this.#dueNs[connection] = dueNs;
    timers.at(dueNs, () => {
      if (this.#isOn && this.#dueNs[connection] === dueNs && open.has(connection)) retire(connection);
    });
  }
}
