/** The server's part of recorded sessions on the epoll server: what it sends behind each message, when it was sent then. */

import { createPrng } from "../base/prng.js";
import type { Timers } from "../base/timers.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import type { Connection } from "./connection.js";
import { DelayLine } from "./delay-line.js";
import { noDelay } from "./fault-plan.js";
import { openReplay } from "./replayed-session.js";

interface ReplaySink {
  /** A message of a session has come. */
  received(bytes: number): void;
  /** One is to be sent, if the connection still takes any. */
  sendOwn(connection: Connection, payload: Buffer, isBinary: boolean): void;
}

export class ReplayLine {
  readonly #traffic: RecordedTraffic;
  readonly #line: DelayLine;

  /** @param ran something of the connection has been run */
  constructor(traffic: RecordedTraffic, timers: Timers, ran: (connection: Connection) => void) {
    this.#traffic = traffic;
    this.#line = new DelayLine({ timers, delay: noDelay, prng: createPrng(0), ran });
  }

  /** @returns whether the message belongs to a session; what opens one is no message of the load, and told to nobody */
  takes(connection: Connection, data: Buffer, start: number, end: number, sink: ReplaySink): boolean {
    const session = connection.replayed;
    if (session === null) {
      connection.replayed = openReplay(this.#traffic, data, start, end);
      return connection.replayed !== null;
    }
    sink.received(end - start);
    for (const down of session.next()) {
      this.#line.holdFor(connection, 0, down.afterMs * 1e6, () =>
        sink.sendOwn(connection, session.payload(down), down.isBinary),
      );
    }
    return true;
  }
}
