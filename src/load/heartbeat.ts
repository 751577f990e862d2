/**
 * WebSocket pings at a steady pace, round all open connections: what keeps idle connections alive through a proxy's
 * timeouts, and shows that they are.
 */
import type { Clock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";
import type { OpenConnections } from "./open-connections.js";
import type { HeartbeatCounts } from "./thread-counts.js";

interface HeartbeatSettings {
  /** Seconds between two pings of one connection. */
  readonly everyS: number;
  readonly open: OpenConnections;
  readonly ping: (connection: number) => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** Null when none is asked for. */
export function createHeartbeat(
  everyS: number | null,
  settings: Omit<HeartbeatSettings, "everyS">,
): Heartbeat | null {
  return everyS === null ? null : new Heartbeat({ ...settings, everyS });
}

class Heartbeat {
  readonly #settings: HeartbeatSettings;
  #cancel = (): void => undefined;
  #sent = 0;
  #answered = 0;

  constructor(settings: HeartbeatSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#next(this.#settings.clock.now());
  }

  stop(): void {
    this.#cancel();
  }

  /** A pong came. One that nobody asked for may come too (RFC 6455, 5.5.3), and answers nothing. */
  answered(): void {
    if (this.#answered < this.#sent) this.#answered++;
  }

  counts(): HeartbeatCounts {
    return { sent: this.#sent, answered: this.#answered };
  }

  /** One ping a turn, so that they are spread evenly over the time and the connections. */
  #next(dueNs: number): void {
    const { everyS, open, ping, timers } = this.#settings;
    this.#cancel = timers.at(dueNs, () => {
      const connection = open.next();
      if (connection !== undefined) {
        ping(connection);
        this.#sent++;
      }
      this.#next(dueNs + (everyS * 1e9) / Math.max(1, open.count));
    });
  }
}
