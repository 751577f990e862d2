/**
 * The engine at the cost of C: non-blocking sockets, one epoll loop a thread, frames decoded where they were read.
 * Linux only; permessage-deflate stays with the `ws` engine.
 */
import type { Timers } from "../base/timers.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { EventLoop } from "../linux/event-loop.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import { FrameDecoder } from "../websocket/frame-decoder.js";
import type { FrameFault } from "../websocket/frame-fault.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import type {
  ConnectionFault,
  Engine,
  EngineEvents,
  EngineSettings,
  EngineTuning,
  OpeningTimes,
} from "./engine.js";
import { FrameWriter } from "./frame-writer.js";
import { Opening } from "./opening.js";
import { type Streams, streamOutcomes } from "./streams.js";
import { TcpStreams } from "./tcp-streams.js";
import { TlsStreams } from "./tls-streams.js";

/** In place of a descriptor: the connection is not open. */
const closed = -1;

/** Largest message taken from the other side: the largest that is sent, and room for a foreign answer. */
const messageBytesMax = 16 * 1024 * 1024;
const closingPayload = buildClosePayload(1000);
const bareEnd: ConnectionFault = { kind: "eof", code: null, detail: "ended without a close frame (1006)" };
const ourClose: ConnectionFault = { kind: "closed", code: 1000, detail: "closed with code 1000" };

/** @throws UsageError when the target's path, host, origin or authority cannot be used */
export function createEpollEngine(settings: EngineSettings): Engine {
  const { target, connections } = settings;
  return new EpollEngine(
    settings,
    target.tls ? new TlsStreams(target, connections) : new TcpStreams(connections),
  );
}

class EpollEngine implements Engine {
  readonly #events: EngineEvents;
  readonly #streams: Streams;
  readonly #loop: EventLoop;
  readonly #opening: Opening;
  readonly #decoder: FrameDecoder;
  /** Of the open connections; `closed` for every other. */
  readonly #fds: Int32Array;
  /** 1 from our close frame on. */
  readonly #isClosing: Uint8Array;
  readonly #writer: FrameWriter;

  constructor(settings: EngineSettings, streams: Streams) {
    const { connections, busyPoll, events } = settings;
    this.#events = events;
    this.#streams = streams;
    this.#fds = new Int32Array(connections).fill(closed);
    this.#isClosing = new Uint8Array(connections);
    this.#decoder = new FrameDecoder({
      sender: "server",
      messageBytesMax,
      // Every reply is compared with what was sent, which proves as much.
      textCheck: "skip",
      sink: {
        message: (connection, data, start, end, isBinary) =>
          events.message(connection, data, start, end, isBinary, streams.stampNs),
        ping: (connection, data, start, end) =>
          this.#sendFrame(connection, opcodes.pong, Buffer.from(data.subarray(start, end))),
        pong: () => undefined,
        close: (connection, code, reason) => this.#onCloseFrame(connection, code, reason),
      },
    });
    this.#writer = new FrameWriter(streams, {
      blocked: (connection) => this.#watch(connection, epollEvents.readable | epollEvents.writable),
      unblocked: (connection) => this.#watch(connection, epollEvents.readable),
      failed: (connection) => this.#end(connection, streams.faultOf(connection)),
    });
    this.#loop = new EventLoop({ busyPoll, handle: (tag, mask) => this.#handle(tag, mask) });
    this.#opening = new Opening(settings, streams, this.#loop, {
      opened: (connection, fd, times, early) => this.#onOpened(connection, fd, times, early),
      failed: (connection, fault) => events.failed(connection, fault),
    });
    // What a handler throws is a mistake of ours: it ends the thread, and the trial with it.
    void this.#loop.run();
  }

  get timers(): Timers {
    return this.#loop.timers;
  }

  yieldSoon(): void {
    this.#loop.yieldSoon();
  }

  tune({ yieldEveryNs, stampEvery }: EngineTuning): void {
    this.#loop.yieldEveryNs = yieldEveryNs;
    this.#streams.stampEvery = stampEvery;
  }

  open(connection: number): void {
    this.#opening.begin(connection);
  }

  send(connection: number, data: Buffer, binary: boolean): boolean {
    if (this.#fds[connection] === closed || this.#isClosing[connection] === 1) return false;
    this.#writer.frame(connection, binary ? opcodes.binary : opcodes.text, data);
    return this.#fds[connection] !== closed;
  }

  close(connection: number): void {
    if (this.#fds[connection] === closed || this.#isClosing[connection] === 1) return;
    this.#isClosing[connection] = 1;
    this.#writer.frame(connection, opcodes.close, closingPayload);
  }

  destroy(): void {
    this.#loop.stop();
    this.#opening.destroy();
    this.#fds.forEach((fd, connection) => {
      if (fd !== closed) this.#release(connection);
    });
    this.#streams.close();
  }

  #handle(connection: number, mask: number): void {
    if (this.#fds[connection] === closed) {
      if (this.#opening.has(connection)) this.#opening.progress(connection);
      return;
    }
    if ((mask & epollEvents.writable) !== 0) this.#writer.flush(connection);
    // An error or a hang-up shows in the read.
    if ((mask & ~epollEvents.writable) !== 0 && this.#fds[connection] !== closed) this.#read(connection);
  }

  /** The hot path: what came, frame by frame, to the sink. */
  #read(connection: number): void {
    do {
      const received = this.#streams.receive(connection);
      if (received === streamOutcomes.again) return;
      if (received <= 0) {
        this.#endOfStream(connection, received);
        return;
      }
      const fault = this.#decoder.read(connection, this.#streams.buffer, 0, received);
      if (fault !== null) {
        this.#onFrameFault(connection, fault);
        return;
      }
    } while (this.#fds[connection] !== closed && this.#streams.hasPending(connection));
  }

  #onOpened(connection: number, fd: number, times: OpeningTimes, early: Buffer | null): void {
    this.#fds[connection] = fd;
    this.#isClosing[connection] = 0;
    this.#events.opened(connection, times);
    if (early !== null && this.#fds[connection] !== closed) {
      const fault = this.#decoder.read(connection, early, 0, early.length);
      if (fault !== null) this.#onFrameFault(connection, fault);
    }
    if (this.#fds[connection] !== closed && this.#streams.hasPending(connection)) this.#read(connection);
  }

  #onCloseFrame(connection: number, code: number | null, reason: string): void {
    if (this.#isClosing[connection] === 1) {
      this.#end(connection, ourClose);
      return;
    }
    this.#sendFrame(connection, opcodes.close, buildClosePayload(code));
    const words = reason === "" ? "" : ` "${reason}"`;
    this.#end(connection, { kind: "closed", code, detail: `closed with code ${code ?? "none"}${words}` });
  }

  #onFrameFault(connection: number, { code, closeCode, detail }: FrameFault): void {
    this.#sendFrame(connection, opcodes.close, buildClosePayload(closeCode));
    this.#end(connection, { kind: "protocol", code: closeCode, detail: `${code}: ${detail}` });
  }

  #endOfStream(connection: number, outcome: number): void {
    const failed = outcome === streamOutcomes.failed;
    this.#end(connection, failed ? this.#streams.faultOf(connection) : bareEnd);
  }

  #sendFrame(connection: number, opcode: Opcode, payload: Buffer): void {
    if (this.#fds[connection] !== closed) this.#writer.frame(connection, opcode, payload);
  }

  #watch(connection: number, mask: number): void {
    this.#loop.epoll.modify(this.#fds[connection] as number, mask, connection);
  }

  #end(connection: number, fault: ConnectionFault): void {
    if (this.#fds[connection] === closed) return;
    this.#release(connection);
    this.#events.closed(connection, fault);
  }

  #release(connection: number): void {
    const fd = this.#fds[connection] as number;
    this.#fds[connection] = closed;
    this.#decoder.forget(connection);
    this.#writer.forget(connection);
    this.#streams.end(connection);
    closeDescriptor(fd);
  }
}
