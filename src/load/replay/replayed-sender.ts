/**
 * Sends what a session has next. A message with a reply is told to the recorder as if it were sent when the reply was due to
 * leave the server: what is measured is what came on top of the recording's own wait.
 */
import { monotonicClock } from "../../base/clock.js";
import type { Sender, SenderSettings } from "../sender.js";
import type { ReplayedSource } from "./replayed-source.js";

export class ReplayedSender implements Sender {
  readonly #settings: SenderSettings;
  readonly #source: ReplayedSource;

  constructor(settings: SenderSettings, source: ReplayedSource) {
    this.#settings = settings;
    this.#source = source;
  }

  /** A connection is open: it says what it will go through. */
  opened(connection: number): void {
    const { engine, recorder } = this.#settings;
    const opening = this.#source.open(connection, recorder.exchanges.nextSequence(connection));
    engine.send(connection, opening, false);
  }

  fallsDue(connection: number | undefined, intendedNs: number): void {
    if (connection !== undefined) this.send(connection, intendedNs, monotonicClock.now());
  }

  send(connection: number, intendedNs: number, sentNs: number): void {
    const { engine, recorder } = this.#settings;
    const sequence = recorder.exchanges.nextSequence(connection);
    const waitMs = this.#source.replyAfterMs(connection, sequence);
    const data = this.#source.messageFor(sequence, connection);
    const waitNs = (waitMs ?? 0) * 1e6;
    if (waitMs !== null) recorder.due(intendedNs + waitNs);
    // One that cannot be sent is left out: the connection's others keep their times.
    if (!engine.send(connection, data, this.#source.binary)) recorder.exchanges.skip(connection);
    else if (waitMs === null) recorder.sentAlone(connection, data.length);
    else recorder.sent(connection, intendedNs + waitNs, sentNs + waitNs, data.length);
  }
}
