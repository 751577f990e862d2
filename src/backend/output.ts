/**
 * What goes out: frames are put together in one buffer, and all that one read brought about leaves in one send.
 */

import { Backlog } from "../base/backlog.js";
import type { Outlet } from "../http2/outlet.js";
import { errnos } from "../linux/errno.js";
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { sendBytes } from "../linux/socket-bytes.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import type { Opcode } from "../websocket/opcode.js";
import type { Carried, Connection } from "./connection.js";

export class Output {
  readonly #out = new PinnedBuffer(64 * 1024);
  readonly #encoder = new FrameEncoder("server", this.#out.bytes);
  /** Bytes in the buffer, all of one connection. */
  #length = 0;

  /** Puts a frame behind what goes out on the connection with the next `push`. */
  frame(connection: Connection, opcode: Opcode, payload: Buffer, start = 0, end = payload.length): void {
    if (connection.carried !== null) {
      this.#carriedFrame(connection.carried, opcode, payload, start, end);
      return;
    }
    const length = frameLength("server", end - start);
    if (this.#length + length > this.#out.length) this.push(connection);
    if (length <= this.#out.length) {
      this.#length = this.#encoder.write(this.#length, opcode, payload, start, end);
      return;
    }
    this.#keep(connection, largeFrame(opcode, payload, start, end), 0, length);
    this.drain(connection);
  }

  /** As `frame`, with bytes as they are. */
  bytes(connection: Connection, bytes: Buffer): void {
    this.push(connection);
    if (bytes.length <= this.#out.length) {
      this.#length = bytes.copy(this.#out.bytes);
      return;
    }
    this.#keep(connection, bytes, 0, bytes.length);
    this.drain(connection);
  }

  /** Where the frames of HTTP/2 on a socket go. */
  outletOf(socket: Connection): Outlet {
    return {
      bytes: this.#out.bytes,
      begin: (_, length) => {
        if (this.#length + length > this.#out.length) this.push(socket);
        return this.#length;
      },
      end: (_, end) => {
        this.#length = end;
      },
      isBlocked: () => socket.backlog !== null,
    };
  }

  /** Sends what was put together, and keeps what the socket does not take. Before anything of another socket. */
  push(of: Connection): void {
    const connection = of.carried?.by ?? of;
    const length = this.#length;
    if (length === 0) return;
    this.#length = 0;
    if (connection.isBroken) return;
    const sent = connection.backlog === null ? this.#send(connection, length) : 0;
    if (sent < length && !connection.isBroken) this.#keep(connection, this.#out.bytes, sent, length);
  }

  /** Sends of the backlog what the socket takes now. Not between `frame` and `push`. */
  drain(connection: Connection): void {
    const { backlog } = connection;
    while (backlog !== null && backlog.length > 0) {
      const part = backlog.peek(this.#out.bytes);
      const sent = this.#send(connection, part);
      if (connection.isBroken) return;
      backlog.skip(sent);
      if (sent < part) return;
    }
    connection.backlog = null;
  }

  #carriedFrame(
    { session, stream }: Carried,
    opcode: Opcode,
    payload: Buffer,
    start: number,
    end: number,
  ): void {
    // It may have been reset a moment ago.
    if (stream.isFinished) return;
    const at = session.beginData(stream, frameLength("server", end - start));
    if (at < 0) session.queueData(stream, largeFrame(opcode, payload, start, end));
    else session.endData(this.#encoder.write(at, opcode, payload, start, end));
  }

  /** @returns the bytes taken; 0 as well when the connection is broken */
  #send(connection: Connection, length: number): number {
    const sent = sendBytes(connection.fd, this.#out, 0, length);
    if (sent >= 0) return sent;
    connection.isBroken = sent !== -errnos.EAGAIN && sent !== -errnos.EINTR;
    return 0;
  }

  #keep(connection: Connection, bytes: Buffer, start: number, end: number): void {
    connection.backlog ??= new Backlog(end - start);
    connection.backlog.append(bytes, start, end);
  }
}

/** In memory of its own. */
function largeFrame(opcode: Opcode, payload: Buffer, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(frameLength("server", end - start));
  new FrameEncoder("server", bytes).write(0, opcode, payload, start, end);
  return bytes;
}
