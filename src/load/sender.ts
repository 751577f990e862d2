/**
 * Sends a load's messages: takes the next of a connection from the source, and tells the recorder. Chosen once for a load.
 */
import { monotonicClock } from "../base/clock.js";
import type { Engine } from "./engine.js";
import type { MessageSource } from "./message-source.js";
import type { Recorder } from "./recorder.js";

export interface Sender {
  /** A connection is open, before it carries load. */
  opened(connection: number): void;
  /** A message has fallen due in an open loop. @param connection whose turn it is; undefined: none is open */
  fallsDue(connection: number | undefined, intendedNs: number): void;
  send(connection: number, intendedNs: number, sentNs: number): void;
}

export interface SenderSettings {
  readonly source: MessageSource;
  readonly recorder: Recorder;
  readonly engine: Pick<Engine, "send">;
}

export class PlainSender implements Sender {
  readonly #source: MessageSource;
  readonly #recorder: Recorder;
  readonly #engine: Pick<Engine, "send">;

  constructor({ source, recorder, engine }: SenderSettings) {
    this.#source = source;
    this.#recorder = recorder;
    this.#engine = engine;
  }

  opened(): void {
    // It has nothing to say first.
  }

  fallsDue(connection: number | undefined, intendedNs: number): void {
    this.#recorder.due(intendedNs);
    if (connection !== undefined) this.send(connection, intendedNs, monotonicClock.now());
  }

  send(connection: number, intendedNs: number, sentNs: number): void {
    const data = this.#source.messageFor(this.#recorder.exchanges.nextSequence(connection), connection);
    if (this.#engine.send(connection, data, this.#source.binary)) {
      this.#recorder.sent(connection, intendedNs, sentNs, data.length);
    }
  }
}
