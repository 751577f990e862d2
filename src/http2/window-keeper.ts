/**
 * What a peer has sent against the windows that it was given, and when they are given back: half a window at a time
 * (RFC 9113, 6.9).
 */
import type { ConnectionError } from "./frame-types.js";
import { connectionWindow, streamWindow } from "./receive-windows.js";
import type { Stream } from "./stream.js";
import { windowUpdate } from "./write-frames.js";

const exceeded: ConnectionError = {
  name: "FLOW_CONTROL_ERROR",
  detail: "more DATA than the window allows",
};

export class WindowKeeper {
  readonly #send: (frame: Buffer) => void;
  readonly #isFull: () => boolean;
  #received = 0;

  /** @param isFull whether nothing more is to come on the connection: its window is not given back then */
  constructor(send: (frame: Buffer) => void, isFull: () => boolean) {
    this.#send = send;
    this.#isFull = isFull;
  }

  /** @param flow bytes on any stream */
  take(flow: number): ConnectionError | null {
    this.#received += flow;
    return this.#received > connectionWindow ? exceeded : null;
  }

  /** The connection's. To be called behind every read, and when it may no longer be full. */
  giveBackAll(): void {
    if (this.#received <= connectionWindow / 2 || this.#isFull()) return;
    this.#send(windowUpdate(0, this.#received));
    this.#received = 0;
  }

  takeOf(stream: Stream, flow: number): ConnectionError | null {
    stream.received += flow;
    return stream.received > streamWindow ? exceeded : null;
  }

  /** Not while the stream is held. */
  giveBack(stream: Stream): void {
    if (stream.isHeld || stream.received <= streamWindow / 2) return;
    this.#send(windowUpdate(stream.id, stream.received));
    stream.received = 0;
  }
}
