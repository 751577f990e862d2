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
  #received = 0;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  /** @param flow bytes on any stream */
  take(flow: number): ConnectionError | null {
    this.#received += flow;
    if (this.#received > connectionWindow) return exceeded;
    if (this.#received <= connectionWindow / 2) return null;
    this.#send(windowUpdate(0, this.#received));
    this.#received = 0;
    return null;
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
