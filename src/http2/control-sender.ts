/**
 * Frames but DATA, which need no window: they go as they come.
 */
import { AckMeter } from "./ack-meter.js";
import { emptyTable } from "./encode-headers.js";
import type { Verdict } from "./frame-types.js";
import type { Outlet } from "./outlet.js";
import { headersFrames } from "./write-frames.js";

export class ControlSender {
  readonly #connection: number;
  readonly #outlet: Outlet;
  readonly #acks: AckMeter;
  #emptiesTable = true;

  /** @param connection what the outlet knows it by */
  constructor(connection: number, outlet: Outlet) {
    this.#connection = connection;
    this.#outlet = outlet;
    this.#acks = new AckMeter(() => outlet.isBlocked(connection));
  }

  /** @param frame no more than an outlet takes at once */
  send(frame: Buffer): void {
    const at = this.#outlet.begin(this.#connection, frame.length);
    this.#outlet.end(this.#connection, at + frame.copy(this.#outlet.bytes, at));
  }

  /** The next header block says first that the peer's table is empty, as the first of all does. */
  emptyTable(): void {
    this.#emptiesTable = true;
  }

  headers(stream: number, block: Buffer): void {
    const whole = this.#emptiesTable ? Buffer.concat([emptyTable, block]) : block;
    this.#emptiesTable = false;
    for (const frame of headersFrames(stream, whole)) this.send(frame);
  }

  /** What the peer can ask for without end: who does not take it is not answered for ever. */
  acknowledge(frame: Buffer): Verdict {
    const error = this.#acks.take();
    if (error === null) this.send(frame);
    return error;
  }
}
