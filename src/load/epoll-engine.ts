/**
 * The engine at the cost of C: non-blocking sockets, one epoll loop a thread, frames decoded where they were read.
 * Linux only; permessage-deflate stays with the `ws` engine.
 */
import { monotonicClock } from "../base/clock.js";
import type { Timers } from "../base/timers.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { errnoName, errnos } from "../linux/errno.js";
import { EventLoop } from "../linux/event-loop.js";
import { familyOf, sockaddrOf } from "../linux/socket-address.js";
import { setNoDelay, socketError } from "../linux/socket-options.js";
import { connectSocket, openTcpSocket } from "../linux/tcp-socket.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import { FrameDecoder } from "../websocket/frame-decoder.js";
import type { FrameFault } from "../websocket/frame-fault.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import { faultOfCode } from "./classify-error.js";
import type { ConnectionFault, Engine, EngineEvents, EngineSettings, EngineTuning } from "./engine.js";
import { FrameWriter } from "./frame-writer.js";
import { Handshakes } from "./handshakes.js";
import { type Streams, streamOutcomes } from "./streams.js";
import { TcpStreams } from "./tcp-streams.js";
import { TlsStreams } from "./tls-streams.js";

/** How far a connection has come. */
const phases = { none: 0, connecting: 1, securing: 2, upgrading: 3, open: 4, closing: 5 } as const;

/** Largest message taken from the other side: the largest that is sent, and room for a foreign answer. */
const messageBytesMax = 16 * 1024 * 1024;
const closingPayload = buildClosePayload(1000);
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
  readonly #handshakes: Handshakes;
  readonly #decoder: FrameDecoder;
  readonly #sockaddr: Buffer;
  readonly #fds: Int32Array;
  readonly #phases: Uint8Array;
  readonly #writer: FrameWriter;

  constructor(settings: EngineSettings, streams: Streams) {
    const { target, connections, busyPoll, events } = settings;
    this.#events = events;
    this.#streams = streams;
    this.#handshakes = new Handshakes(settings);
    this.#sockaddr = sockaddrOf(target.address, target.port);
    this.#fds = new Int32Array(connections).fill(-1);
    this.#phases = new Uint8Array(connections);
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
    this.#sweepHandshakes();
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
    const fd = openTcpSocket(familyOf(this.#sockaddr));
    if (fd < 0) {
      this.#failLater(connection, fd);
      return;
    }
    this.#fds[connection] = fd;
    this.#phases[connection] = phases.connecting;
    this.#handshakes.begin(connection, monotonicClock.now());
    setNoDelay(fd);
    this.#streams.begin(connection, fd);
    const result = connectSocket(fd, this.#sockaddr);
    if (result < 0 && result !== -errnos.EINPROGRESS) {
      this.#release(connection);
      this.#failLater(connection, result);
      return;
    }
    this.#loop.epoll.add(fd, epollEvents.writable, connection);
  }

  send(connection: number, data: Buffer, binary: boolean): boolean {
    if (this.#phases[connection] !== phases.open) return false;
    this.#sendFrame(connection, binary ? opcodes.binary : opcodes.text, data);
    return this.#phases[connection] === phases.open;
  }

  close(connection: number): void {
    if (this.#phases[connection] !== phases.open) return;
    this.#sendFrame(connection, opcodes.close, closingPayload);
    if (this.#phases[connection] === phases.open) this.#phases[connection] = phases.closing;
  }

  destroy(): void {
    this.#loop.stop();
    this.#fds.forEach((fd, connection) => {
      if (fd >= 0) this.#release(connection);
    });
    this.#streams.close();
  }

  /** Not at once: whoever opens the next one when this has failed would go ever deeper. */
  #failLater(connection: number, result: number): void {
    const fault = faultOfCode(errnoName(-result));
    this.#loop.timers.at(0, () => this.#events.failed(connection, fault));
  }

  #handle(connection: number, mask: number): void {
    const phase = this.#phases[connection];
    if (phase === phases.open || phase === phases.closing) {
      if ((mask & epollEvents.writable) !== 0) this.#writer.flush(connection);
      // An error or a hang-up shows in the read.
      if ((mask & ~epollEvents.writable) !== 0 && this.#fds[connection] !== -1) this.#read(connection);
    } else if (phase !== phases.none) this.#progress(connection);
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
    } while (this.#fds[connection] !== -1 && this.#streams.hasPending(connection));
  }

  /** One step towards the open WebSocket. */
  #progress(connection: number): void {
    if (this.#phases[connection] === phases.connecting) {
      const errno = socketError(this.#fds[connection] as number);
      if (errno !== 0) {
        this.#end(connection, faultOfCode(errnoName(errno)));
        return;
      }
      this.#handshakes.connected(connection, monotonicClock.now());
      this.#phases[connection] = phases.securing;
    }
    if (this.#phases[connection] === phases.securing) {
      this.#secure(connection);
      return;
    }
    this.#readUpgrade(connection);
  }

  #secure(connection: number): void {
    const readiness = this.#streams.advance(connection);
    if (readiness === "failed") {
      this.#end(connection, this.#streams.faultOf(connection));
      return;
    }
    this.#watch(connection, readiness === "want-write" ? epollEvents.writable : epollEvents.readable);
    if (readiness !== "ready") return;
    this.#phases[connection] = phases.upgrading;
    this.#writer.bytes(connection, this.#handshakes.request(connection, monotonicClock.now()));
  }

  #readUpgrade(connection: number): void {
    do {
      const received = this.#streams.receive(connection);
      if (received === streamOutcomes.again) return;
      if (received <= 0) {
        this.#endOfStream(connection, received);
        return;
      }
      if (this.#takeUpgrade(connection, received)) return;
    } while (this.#streams.hasPending(connection));
  }

  /** @returns whether the handshake is over, one way or the other */
  #takeUpgrade(connection: number, received: number): boolean {
    const { buffer } = this.#streams;
    const answer = this.#handshakes.answered(connection, buffer, received, monotonicClock.now());
    if (answer === null) return false;
    if ("fault" in answer) {
      this.#end(connection, answer.fault);
      return true;
    }
    this.#phases[connection] = phases.open;
    // Frames may have come with the answer, and lie in the buffer that the next read of any connection uses.
    const early = answer.framesAt < received ? Buffer.from(buffer.subarray(answer.framesAt, received)) : null;
    this.#events.opened(connection, answer.times);
    if (early !== null && this.#fds[connection] !== -1) {
      const fault = this.#decoder.read(connection, early, 0, early.length);
      if (fault !== null) this.#onFrameFault(connection, fault);
    }
    if (this.#fds[connection] !== -1 && this.#streams.hasPending(connection)) this.#read(connection);
    return true;
  }

  #onCloseFrame(connection: number, code: number | null, reason: string): void {
    if (this.#phases[connection] === phases.closing) {
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
    if (outcome === streamOutcomes.failed) {
      this.#end(connection, this.#streams.faultOf(connection));
      return;
    }
    const isOpen = (this.#phases[connection] as number) >= phases.open;
    const detail = isOpen ? "ended without a close frame (1006)" : "ended before the upgrade was answered";
    this.#end(connection, { kind: "eof", code: null, detail });
  }

  #sendFrame(connection: number, opcode: Opcode, payload: Buffer): void {
    if (this.#fds[connection] !== -1) this.#writer.frame(connection, opcode, payload);
  }

  #watch(connection: number, mask: number): void {
    this.#loop.epoll.modify(this.#fds[connection] as number, mask, connection);
  }

  #end(connection: number, fault: ConnectionFault): void {
    if (this.#fds[connection] === -1) return;
    const wasOpen = (this.#phases[connection] as number) >= phases.open;
    this.#release(connection);
    if (wasOpen) this.#events.closed(connection, fault);
    else this.#events.failed(connection, fault);
  }

  #release(connection: number): void {
    const fd = this.#fds[connection] as number;
    this.#fds[connection] = -1;
    this.#phases[connection] = phases.none;
    this.#handshakes.forget(connection);
    this.#decoder.forget(connection);
    this.#writer.forget(connection);
    this.#streams.end(connection);
    closeDescriptor(fd);
  }

  /** Ends the handshakes that take too long, looking ten times a second while there are any. */
  #sweepHandshakes(): void {
    const nowNs = monotonicClock.now();
    for (const { connection, fault } of this.#handshakes.overdue(nowNs)) this.#end(connection, fault);
    this.#loop.timers.at(nowNs + 1e8, () => this.#sweepHandshakes());
  }
}
