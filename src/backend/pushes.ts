/**
 * What the server sends without being asked: by a schedule of its own, whatever becomes of what it sends, so that the
 * times which the messages carry are free of coordinated omission. Behind the last of them each connection is told so.
 */
import { monotonicClock } from "../base/clock.js";
import { startOpenLoop } from "../base/open-loop.js";
import { createPacer } from "../base/pacer.js";
import type { Timers } from "../base/timers.js";
import { createUnaskedMessage, pushEnds, writeUnasked } from "../base/unasked-message.js";
import { setTimerSlack } from "../linux/timer-slack.js";
import { opcodes } from "../websocket/opcode.js";
import type { Connection } from "./connection.js";
import type { Connections } from "./connections.js";
import type { DelayLine } from "./delay-line.js";
import type { Output } from "./output.js";
import type { PushCounts, PushOrder } from "./push-order.js";

interface PushesSettings {
  readonly connections: Connections;
  readonly output: Output;
  readonly timers: Timers;
  /** Holds pushes back as it does answers; null for none. */
  readonly delays: DelayLine | null;
  /** Something has been sent on the connection. */
  readonly ran: (connection: Connection) => void;
}

export class Pushes {
  readonly #settings: PushesSettings;
  #counts = { due: 0, sent: 0 };
  #isOver = true;
  #stop = (): void => undefined;

  constructor(settings: PushesSettings) {
    this.#settings = settings;
  }

  counts(): PushCounts {
    return { ...this.#counts };
  }

  resetCounts(): void {
    this.#counts = { due: 0, sent: 0 };
  }

  /** In place of what was ordered before. */
  start(order: PushOrder): void {
    this.#stop();
    // Each would be 50 µs late.
    setTimerSlack(1);
    this.#isOver = false;
    const message = createUnaskedMessage("push", order.bytes);
    this.#stop = startOpenLoop({
      pacer: createPacer(order, order.seed),
      startNs: order.startNs,
      endNs: order.untilNs,
      clock: monotonicClock,
      timers: this.#settings.timers,
      send: (dueNs) => this.#push(message, dueNs, order),
      done: () => this.end(),
    });
  }

  /** Nothing further falls due. */
  end(): void {
    this.#stop();
    if (this.#isOver) return;
    this.#isOver = true;
    for (const connection of this.#settings.connections.list())
      if (connection.phase === "open" && !connection.isOthers) this.#send(connection, pushEnds);
  }

  #push(message: Buffer, dueNs: number, { measureNs, endNs }: PushOrder): void {
    const isCounted = dueNs >= measureNs && dueNs < endNs;
    if (isCounted) this.#counts.due++;
    const connection = this.#settings.connections.nextOpen();
    // Who does not read is not sent ever more: it is due all the same.
    if (connection === undefined || connection.isStalled || !connection.takesMore()) return;
    writeUnasked(message, ++connection.pushed, dueNs, monotonicClock.now());
    if (isCounted) this.#counts.sent++;
    this.#send(connection, message);
  }

  #send(connection: Connection, message: Buffer): void {
    const { output, delays, ran } = this.#settings;
    if (delays === null) {
      output.frame(connection, opcodes.text, message);
      ran(connection);
      return;
    }
    const kept = Buffer.from(message);
    delays.hold(connection, kept.length, () => {
      if (connection.phase === "open") output.frame(connection, opcodes.text, kept);
    });
  }
}
