/**
 * Frames of many streams into few sends: what is written while a connection is read goes out in one piece at the end of
 * the read, anything else at once.
 */
import type { Outlet } from "../http2/outlet.js";

/** As much as `FrameWriter` sends at once. */
const outletBytes = 64 * 1024;
const nobody = -1;

interface GatheredSocket {
  /** Sends them, now or later; keeps nothing of them but a copy. */
  bytes(connection: number, bytes: Buffer): void;
  /** Whether something waits there to be sent. */
  isBlocked(connection: number): boolean;
}

export class GatheredOutput implements Outlet {
  readonly bytes = Buffer.allocUnsafeSlow(outletBytes);
  readonly #socket: GatheredSocket;
  /** Whose bytes are in the buffer. */
  #owner = nobody;
  /** Whose are left there until `release`. */
  #held = nobody;
  #end = 0;

  constructor(socket: GatheredSocket) {
    this.#socket = socket;
  }

  isBlocked(connection: number): boolean {
    return this.#socket.isBlocked(connection);
  }

  begin(connection: number, length: number): number {
    if (this.#owner !== connection || this.#end + length > outletBytes) this.flush();
    this.#owner = connection;
    return this.#end;
  }

  end(connection: number, end: number): void {
    this.#end = end;
    if (this.#held !== connection) this.flush();
  }

  /** From now on what is written for this connection is gathered. */
  hold(connection: number): void {
    this.#held = connection;
  }

  /** Sends what was gathered. */
  release(): void {
    this.#held = nobody;
    this.flush();
  }

  /** The connection is over: what was gathered for it is dropped. */
  forget(connection: number): void {
    if (this.#owner === connection) this.#end = 0;
  }

  /** Sends what was gathered so far. */
  flush(): void {
    if (this.#end === 0) return;
    const end = this.#end;
    this.#end = 0;
    this.#socket.bytes(this.#owner, this.bytes.subarray(0, end));
  }
}
