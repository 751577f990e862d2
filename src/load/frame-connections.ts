/**
 * The WebSockets that are open on an engine of our own: frames into messages, messages into frames, the closing
 * handshake, and the name of every end. How the bytes travel is the engine's.
 */
import { msSinceHeard } from "../linux/socket-options.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import { FrameDecoder } from "../websocket/frame-decoder.js";
import { type FrameFault, frameFaults } from "../websocket/frame-fault.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import { endedBare, peerClosed } from "./classify-error.js";
import {
  type ConnectionFault,
  type EngineEvents,
  type EngineSettings,
  messageBytesMax,
  type OpeningTimes,
} from "./engine.js";

/** What an engine has under its frames. */
interface FrameTransport {
  /** When the kernel received what is being read; NaN where it was not asked. */
  stampNs(): number;
  /** Sends one frame, in its turn; the payload may be another's when this returns. It may end the connection. */
  write(connection: number, opcode: Opcode, payload: Buffer): void;
  /** The connection is over: closes its socket. */
  release(connection: number, fd: number): void;
}

/** In place of a descriptor: the connection is not open. */
const closed = -1;

/**
 * Pings of one read that are answered: not all need be (RFC 6455, 5.5.3), and a peer that sends a hundred thousand would
 * have this thread for seconds, for an answer costs a system call.
 */
const pongsARead = 64;

const nothing = Buffer.alloc(0);
const closingPayload = buildClosePayload(1000);
const ourClose: ConnectionFault = { kind: "closed", code: 1000, detail: "closed with code 1000" };

/**
 * Whether what came last is the end itself. Of a reset the kernel keeps no time, but one that comes behind a FIN, as when
 * we were sending, is EPIPE (tcp_reset of Linux), and the connection was over by the FIN.
 */
function endsWhatCame({ kind, detail }: ConnectionFault): boolean {
  return kind === "eof" || kind === "closed" || detail === "EPIPE";
}

export class FrameConnections {
  readonly #events: EngineEvents;
  readonly #transport: FrameTransport;
  readonly #decoder: FrameDecoder;
  /** Of the open connections; `closed` for every other. */
  readonly #fds: Int32Array;
  /** 1 from our close frame on. */
  readonly #isClosing: Uint8Array;
  /** Why connections are over whose last frame is going out: what becomes of that frame changes nothing. */
  readonly #verdicts = new Map<number, ConnectionFault>();
  #pongsLeft = pongsARead;

  constructor(
    { connections, events, replyBytesMax = messageBytesMax }: EngineSettings,
    transport: FrameTransport,
  ) {
    this.#events = events;
    this.#transport = transport;
    this.#fds = new Int32Array(connections).fill(closed);
    this.#isClosing = new Uint8Array(connections);
    this.#decoder = new FrameDecoder({
      sender: "server",
      messageBytesMax: replyBytesMax,
      // Every reply is compared with what was sent, which proves as much where it is right.
      textCheck: "skip",
      sink: {
        message: (connection, data, start, end, isBinary) => {
          // It may have ended by a message before it in the same read.
          if (this.#fds[connection] === closed) return;
          const isFit = events.message(connection, data, start, end, isBinary, transport.stampNs());
          if (!isFit) this.#onFrameFault(connection, frameFaults.textNotUtf8);
        },
        ping: (connection, data, start, end) => this.#onPing(connection, data, start, end),
        pong: () => events.pong(),
        close: (connection, code, reason) => this.#onCloseFrame(connection, code, reason),
      },
    });
  }

  isOpen(connection: number): boolean {
    return this.#fds[connection] !== closed;
  }

  /** Of an open connection. */
  fdOf(connection: number): number {
    return this.#fds[connection] as number;
  }

  /** @param early frames that came with the answer to the upgrade; null for none */
  opened(connection: number, fd: number, times: OpeningTimes, early: Buffer | null): void {
    this.#fds[connection] = fd;
    this.#isClosing[connection] = 0;
    this.#events.opened(connection, times);
    if (early !== null && this.isOpen(connection)) this.read(connection, early, 0, early.length);
  }

  /** Takes the bytes [start, end) that came on an open connection, which may end by them. */
  read(connection: number, buffer: Buffer, start: number, end: number): void {
    this.#pongsLeft = pongsARead;
    const fault = this.#decoder.read(connection, buffer, start, end);
    if (fault !== null) this.#onFrameFault(connection, fault);
  }

  /** As `Engine.ping`. */
  ping(connection: number): void {
    if (this.isOpen(connection) && this.#isClosing[connection] === 0) {
      this.#write(connection, opcodes.ping, nothing);
    }
  }

  /** As `Engine.send`. */
  send(connection: number, data: Buffer, binary: boolean): boolean {
    if (this.#fds[connection] === closed || this.#isClosing[connection] === 1) return false;
    this.#transport.write(connection, binary ? opcodes.binary : opcodes.text, data);
    return this.#fds[connection] !== closed;
  }

  /** As `Engine.close`. */
  close(connection: number): void {
    if (this.#fds[connection] === closed || this.#isClosing[connection] === 1) return;
    this.#isClosing[connection] = 1;
    this.#transport.write(connection, opcodes.close, closingPayload);
  }

  /** The stream has ended, without a fault of its own. */
  ended(connection: number): void {
    this.end(connection, endedBare);
  }

  end(connection: number, fault: ConnectionFault): void {
    if (this.#fds[connection] === closed) return;
    const verdict = this.#verdicts.get(connection) ?? fault;
    const agoMs = endsWhatCame(verdict) ? msSinceHeard(this.fdOf(connection)) : 0;
    this.#release(connection);
    this.#events.closed(connection, verdict, agoMs);
  }

  /** Drops all that are open, without events. */
  destroy(): void {
    this.#fds.forEach((fd, connection) => {
      if (fd !== closed) this.#release(connection);
    });
  }

  #onPing(connection: number, data: Buffer, start: number, end: number): void {
    if (this.#pongsLeft === 0) return;
    this.#pongsLeft--;
    this.#write(connection, opcodes.pong, Buffer.from(data.subarray(start, end)));
  }

  #onCloseFrame(connection: number, code: number | null, reason: string): void {
    if (this.#isClosing[connection] === 1) {
      this.end(connection, ourClose);
      return;
    }
    this.#sayLast(connection, code, peerClosed(code, reason));
  }

  #onFrameFault(connection: number, { code, closeCode, detail }: FrameFault): void {
    this.#sayLast(connection, closeCode, {
      kind: "protocol",
      code: closeCode,
      detail: `${code}: ${detail}`,
    });
  }

  /** The other side may be gone already, and the stream break by this. */
  #sayLast(connection: number, closeCode: number | null, verdict: ConnectionFault): void {
    this.#verdicts.set(connection, verdict);
    if (this.#isClosing[connection] === 0) {
      this.#write(connection, opcodes.close, buildClosePayload(closeCode));
    }
    this.end(connection, verdict);
  }

  #write(connection: number, opcode: Opcode, payload: Buffer): void {
    if (this.#fds[connection] !== closed) this.#transport.write(connection, opcode, payload);
  }

  #release(connection: number): void {
    const fd = this.#fds[connection] as number;
    this.#fds[connection] = closed;
    this.#verdicts.delete(connection);
    this.#decoder.forget(connection);
    this.#transport.release(connection, fd);
  }
}
