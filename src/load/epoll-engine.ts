/**
 * The engine at the cost of C: non-blocking sockets, one epoll loop a thread, frames decoded where they were read.
 * Linux only; permessage-deflate stays with the `ws` engine.
 */
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { EventLoop } from "../linux/event-loop.js";
import type { Engine, EngineSettings, EngineTuning, OpeningTimes } from "./engine.js";
import { FrameConnections } from "./frame-connections.js";
import { FrameEngine } from "./frame-engine.js";
import { FrameWriter } from "./frame-writer.js";
import { Opening } from "./opening.js";
import { type Streams, streamOutcomes } from "./streams.js";
import { TcpStreams } from "./tcp-streams.js";
import { TlsStreams } from "./tls-streams.js";

/** @throws UsageError when the target's path, host, origin or authority cannot be used */
export function createEpollEngine(settings: EngineSettings): Engine {
  const { target, connections } = settings;
  return new EpollEngine(
    settings,
    target.tls ? new TlsStreams(target, connections) : new TcpStreams(connections),
  );
}

class EpollEngine extends FrameEngine {
  readonly #streams: Streams;
  protected readonly loop: EventLoop;
  protected readonly opening: Opening;
  protected readonly connections: FrameConnections;
  readonly #writer: FrameWriter;

  constructor(settings: EngineSettings, streams: Streams) {
    super();
    const { busyPoll, events } = settings;
    this.#streams = streams;
    this.connections = new FrameConnections(settings, {
      stampNs: () => streams.stampNs,
      write: (connection, opcode, payload) => this.#writer.frame(connection, opcode, payload),
      release: (connection, fd) => this.#release(connection, fd),
    });
    this.#writer = new FrameWriter(streams, {
      blocked: (connection) => this.#watch(connection, epollEvents.readable | epollEvents.writable),
      unblocked: (connection) => this.#watch(connection, epollEvents.readable),
      failed: (connection) => this.connections.end(connection, streams.faultOf(connection)),
    });
    this.loop = new EventLoop({ busyPoll, handle: (tag, mask) => this.#handle(tag, mask) });
    this.opening = new Opening(settings, streams, this.loop, {
      opened: (connection, fd, times, early) => this.#onOpened(connection, fd, times, early),
      failed: (connection, fault) => events.failed(connection, fault),
    });
    // What a handler throws is a mistake of ours: it ends the thread, and the trial with it.
    void this.loop.run();
  }

  tune({ yieldEveryNs, stampEvery }: EngineTuning): void {
    this.loop.yieldEveryNs = yieldEveryNs;
    this.#streams.stampEvery = stampEvery;
  }

  override destroy(): void {
    super.destroy();
    this.#streams.close();
  }

  #handle(connection: number, mask: number): void {
    if (!this.connections.isOpen(connection)) {
      if (this.opening.has(connection)) this.opening.progress(connection);
      return;
    }
    if ((mask & epollEvents.writable) !== 0) this.#writer.flush(connection);
    // An error or a hang-up shows in the read.
    if ((mask & ~epollEvents.writable) !== 0 && this.connections.isOpen(connection)) this.#read(connection);
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
      this.connections.read(connection, this.#streams.buffer, 0, received);
    } while (this.connections.isOpen(connection) && this.#streams.hasPending(connection));
  }

  #onOpened(connection: number, fd: number, times: OpeningTimes, early: Buffer | null): void {
    this.connections.opened(connection, fd, times, early);
    if (this.connections.isOpen(connection) && this.#streams.hasPending(connection)) this.#read(connection);
  }

  #endOfStream(connection: number, outcome: number): void {
    if (outcome === streamOutcomes.failed) {
      this.connections.end(connection, this.#streams.faultOf(connection));
    } else this.connections.ended(connection);
  }

  #watch(connection: number, mask: number): void {
    this.loop.epoll.modify(this.connections.fdOf(connection), mask, connection);
  }

  #release(connection: number, fd: number): void {
    this.#writer.forget(connection);
    this.#streams.end(connection);
    closeDescriptor(fd);
  }
}
