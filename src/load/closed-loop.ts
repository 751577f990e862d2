/** A closed loop: each connection sends its next message when the reply is there, at once or after a pause. */
import type { Clock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";
import type { Exchanges } from "./exchanges.js";
import type { ThreadJob } from "./messages.js";
import type { OpenConnections } from "./open-connections.js";
import type { Sender } from "./sender.js";
import { createPauses, type Pauses } from "./shape/pauses.js";

interface ClosedLoopSettings {
  readonly open: OpenConnections;
  readonly exchanges: Pick<Exchanges, "isIdle">;
  readonly sender: Pick<Sender, "send">;
  readonly clock: Clock;
  readonly timers: Timers;
}

type Job = Pick<ThreadJob, "shape" | "seed" | "connections" | "upkeep">;

export class ClosedLoop {
  /** It sends until then; 0 before its start, and in an open loop, where replies trigger nothing. */
  untilNs = 0;
  readonly #settings: ClosedLoopSettings;
  readonly #pauses: Pauses | null;

  constructor(job: Job, settings: ClosedLoopSettings) {
    this.#settings = settings;
    const { open, exchanges, sender } = settings;
    this.#pauses = createPauses(job, {
      ...settings,
      send: (connection, nowNs) => {
        const isReady = open.has(connection) && exchanges.isIdle(connection);
        if (isReady && nowNs < this.untilNs) sender.send(connection, nowNs, nowNs);
      },
    });
  }

  start(untilNs: number): void {
    const { open, sender, clock } = this.#settings;
    this.untilNs = untilNs;
    for (const connection of open.list()) {
      const nowNs = clock.now();
      if (this.#pauses === null) sender.send(connection, nowNs, nowNs);
      else this.#pauses.begin(connection, nowNs);
    }
  }

  stop(): void {
    this.untilNs = 0;
  }

  /** A connection that is back, or one more, has to begin. */
  opened(connection: number): void {
    const { open, sender, clock } = this.#settings;
    if (this.untilNs === 0 || !open.has(connection)) return;
    const nowNs = clock.now();
    if (nowNs < this.untilNs) sender.send(connection, nowNs, nowNs);
  }

  /** A reply has come before the end. */
  replied(connection: number, nowNs: number): void {
    if (this.#pauses === null) this.#settings.sender.send(connection, nowNs, nowNs);
    else this.#pauses.replied(connection, nowNs);
  }
}
