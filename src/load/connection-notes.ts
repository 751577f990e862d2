/** Takes down what befalls a thread's connections that are kept up. */
import type { Clock } from "../base/clock.js";
import type { ConnectionNote } from "./connection-note.js";
import type { ConnectionFault } from "./engine.js";

export interface Ended extends Pick<ConnectionFault, "kind" | "code"> {
  /** As `EngineEvents.closed` has it. */
  readonly agoMs: number;
}

export class ConnectionNotes {
  readonly #clock: Clock;
  readonly #lostNs: Float64Array;
  /** Since they were last taken. */
  #notes: ConnectionNote[] = [];

  constructor(connections: number, clock: Clock) {
    this.#clock = clock;
    this.#lostNs = new Float64Array(connections);
  }

  lost(connection: number, { kind, code, agoMs }: Ended): void {
    // Of many that end at once the last is read late, and was lost when its end came.
    const atNs = this.#clock.now() - agoMs * 1e6;
    this.#lostNs[connection] = atNs;
    this.#notes.push({ what: "lost", atNs, kind, code });
  }

  tried(): void {
    this.#notes.push({ what: "tried", atNs: this.#clock.now() });
  }

  back(connection: number): void {
    const atNs = this.#clock.now();
    this.#notes.push({ what: "back", atNs, downNs: atNs - (this.#lostNs[connection] as number) });
  }

  take(): readonly ConnectionNote[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }
}
