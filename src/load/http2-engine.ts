/**
 * The engine for WebSockets over HTTP/2 (RFC 8441): as the epoll engine, but each socket carries many of them. Frames of
 * WebSockets stay as they are, within DATA frames.
 */
import { monotonicClock } from "../base/clock.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { EventLoop } from "../linux/event-loop.js";
import { CarriedWebSockets } from "./carried-websockets.js";
import type { Carrier } from "./carriers.js";
import { endedBare } from "./classify-error.js";
import type { Engine, EngineSettings, EngineTuning } from "./engine.js";
import type { FrameConnections } from "./frame-connections.js";
import { FrameEngine } from "./frame-engine.js";
import { FrameWriter } from "./frame-writer.js";
import { GatheredOutput } from "./gathered-output.js";
import { Opening } from "./opening.js";
import { PrefaceHandshakes } from "./preface-handshakes.js";
import { type Streams, streamOutcomes } from "./streams.js";
import { TcpStreams } from "./tcp-streams.js";
import { TlsStreams } from "./tls-streams.js";

/** Handshakes that take too long are looked for so often. */
const sweepEveryNs = 1e8;

/**
 * @param streams the most WebSockets on one connection
 * @throws UsageError when the target's path, host, origin, headers or authority cannot be used
 */
export function createHttp2Engine(settings: EngineSettings, streams: number): Engine {
  return new Http2Engine(settings, streams);
}

class Http2Engine extends FrameEngine {
  readonly #streams: Streams;
  protected readonly loop: EventLoop;
  protected readonly opening: Opening;
  protected readonly connections: FrameConnections;
  readonly #webSockets: CarriedWebSockets;
  readonly #writer: FrameWriter;
  readonly #output: GatheredOutput;

  constructor(settings: EngineSettings, streams: number) {
    super();
    const { target, busyPoll, handshakeTimeoutMs } = settings;
    this.#output = new GatheredOutput({
      bytes: (slot, bytes) => this.#writer.bytes(slot, bytes),
      isBlocked: (slot) => this.#writer.isBlocked(slot),
    });
    this.#webSockets = new CarriedWebSockets(settings, streams, {
      outlet: this.#output,
      stampNs: () => this.#streams.stampNs,
      connect: (slot) => this.opening.begin(slot),
      flush: () => this.#output.flush(),
      close: (carrier) => this.#close(carrier),
    });
    this.connections = this.#webSockets.connections;
    const { slots } = this.#webSockets;
    this.#streams = target.tls ? new TlsStreams(target, slots, "h2") : new TcpStreams(slots);
    this.#writer = new FrameWriter(this.#streams, {
      blocked: (slot) => this.#watch(slot, epollEvents.readable | epollEvents.writable),
      unblocked: (slot) => this.#watch(slot, epollEvents.readable),
      failed: (slot) => this.#loseSoon(slot),
    });
    this.loop = new EventLoop({ busyPoll, handle: (tag, mask) => this.#handle(tag, mask) });
    const handshakes = new PrefaceHandshakes(handshakeTimeoutMs, target.tls);
    this.opening = new Opening(
      settings,
      this.#streams,
      this.loop,
      {
        opened: (slot, fd, times, early) => {
          const carrier = this.#webSockets.connected(slot, fd, times);
          if (early !== null) this.#take(carrier, early, early.length);
          if (!carrier.isOver && this.#streams.hasPending(slot)) this.#read(carrier);
        },
        failed: (slot, fault) => this.#webSockets.notConnected(slot, fault),
      },
      handshakes,
    );
    this.#sweep();
    // What a handler throws is a mistake of ours: it ends the thread, and the trial with it.
    void this.loop.run();
  }

  tune({ yieldEveryNs, stampEvery }: EngineTuning): void {
    this.loop.yieldEveryNs = yieldEveryNs;
    this.#streams.stampEvery = stampEvery;
  }

  tcpOpened(): number {
    return this.#webSockets.connectedCount;
  }

  override open(connection: number): void {
    this.#webSockets.open(connection);
  }

  override drop(connection: number): void {
    this.#webSockets.drop(connection);
  }

  override destroy(): void {
    this.#webSockets.destroy();
    super.destroy();
    this.#streams.close();
  }

  #handle(slot: number, mask: number): void {
    const carrier = this.#webSockets.carrierAt(slot);
    if (carrier === null) return;
    if (carrier.fd < 0) {
      if (this.opening.has(slot)) this.opening.progress(slot);
      return;
    }
    if ((mask & epollEvents.writable) !== 0) this.#writer.flush(slot);
    // An error or a hang-up shows in the read.
    if ((mask & ~epollEvents.writable) !== 0 && !carrier.isOver) this.#read(carrier);
  }

  /** The hot path. */
  #read(carrier: Carrier): void {
    const { slot } = carrier;
    do {
      const received = this.#streams.receive(slot);
      if (received === streamOutcomes.again) return;
      if (received <= 0) {
        const isFault = received === streamOutcomes.failed;
        this.#webSockets.lose(carrier, isFault ? this.#streams.faultOf(slot) : endedBare);
        return;
      }
      this.#take(carrier, this.#streams.buffer, received);
    } while (!carrier.isOver && this.#streams.hasPending(slot));
  }

  #take(carrier: Carrier, bytes: Buffer, end: number): void {
    this.#output.hold(carrier.slot);
    carrier.session.read(bytes, 0, end);
    this.#output.release();
  }

  /** Not at once: its session may be about to write more, and the slot must not be another's by then. */
  #loseSoon(slot: number): void {
    const carrier = this.#webSockets.carrierAt(slot);
    if (carrier === null) return;
    const fault = this.#streams.faultOf(slot);
    this.loop.timers.at(0, () => this.#webSockets.lose(carrier, fault));
  }

  #watch(slot: number, mask: number): void {
    const fd = this.#webSockets.carrierAt(slot)?.fd ?? -1;
    if (fd >= 0) this.loop.epoll.modify(fd, mask, slot);
  }

  #close({ slot, fd }: Carrier): void {
    this.#output.forget(slot);
    this.#writer.forget(slot);
    this.#streams.end(slot);
    closeDescriptor(fd);
  }

  #sweep(): void {
    const nowNs = monotonicClock.now();
    this.#webSockets.endOverdue(nowNs);
    this.loop.timers.at(nowNs + sweepEveryNs, () => this.#sweep());
  }
}
