/**
 * The engine on io_uring: what comes and what goes of a whole turn of the loop in one system call. Connections are
 * opened over epoll, which the ring watches, and then handed to the ring. Plain TCP only.
 */
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { errnoName, errnos } from "../linux/errno.js";
import { EventLoop } from "../linux/event-loop.js";
import { IoUring, ringRequests } from "../linux/io-uring.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import { faultOfCode } from "./classify-error.js";
import type { Engine, EngineSettings, EngineTuning, OpeningTimes } from "./engine.js";
import { FrameConnections } from "./frame-connections.js";
import { FrameEngine } from "./frame-engine.js";
import { FrameWriter } from "./frame-writer.js";
import { Opening } from "./opening.js";
import { ReceivedBuffers } from "./received-buffers.js";
import { RingOutbox } from "./ring-outbox.js";
import { overConnection, RingRequests, ringSizesFor } from "./ring-requests.js";
import { TcpStreams } from "./tcp-streams.js";

/** @throws UsageError when the target's path, host or origin cannot be used; SystemCallError where there is no ring */
export function createUringEngine(settings: EngineSettings): Engine {
  return new UringEngine(settings);
}

class UringEngine extends FrameEngine {
  readonly #streams: TcpStreams;
  protected readonly connections: FrameConnections;
  readonly #writer: FrameWriter;
  protected readonly loop: EventLoop;
  protected readonly opening: Opening;
  readonly #ring: IoUring;
  readonly #buffers: ReceivedBuffers;
  readonly #requests: RingRequests;
  readonly #outbox: RingOutbox;
  /** Whose sockets take no more, so that epoll watches them. */
  readonly #blocked = new Set<number>();
  /** What sends failed with since completions were last handled. */
  readonly #sendErrnos = new Map<number, number>();
  /** Completions that are there to be handled in the next turn. */
  #held = 0;
  /** Completions of this turn; and how many, of those and the next turn's, were looked at for sends. */
  #count = 0;
  #looked = 0;
  /** Whether frames are gathered, for the turn of the loop will end in handing them over. */
  #gathers = true;

  constructor(settings: EngineSettings) {
    super();
    const { connections, busyPoll, events } = settings;
    this.#streams = new TcpStreams(connections);
    this.connections = new FrameConnections(settings, {
      stampNs: () => this.#buffers.stampNs,
      write: (connection, opcode, payload) => this.#write(connection, opcode, payload),
      release: (connection, fd) => this.#release(connection, fd),
    });
    this.#writer = this.#createWriter();
    this.loop = new EventLoop({
      busyPoll,
      handle: (tag) => this.#handle(tag),
      waiter: { wait: (timeoutNs) => this.#wait(timeoutNs), flush: () => this.#flush() },
    });
    this.opening = new Opening(settings, this.#streams, this.loop, {
      opened: (connection, fd, times, early) => this.#onOpened(connection, fd, times, early),
      failed: (connection, fault) => events.failed(connection, fault),
    });
    this.#ring = new IoUring(ringSizesFor(connections));
    this.#buffers = new ReceivedBuffers(this.#ring, connections);
    this.#requests = new RingRequests(this.#ring, this.#buffers.ring, connections);
    this.#outbox = new RingOutbox(connections);
    this.#watchEpoll();
    // What a handler throws is a mistake of ours: it ends the thread, and the trial with it.
    void this.loop.run().then(() => this.#ring.close());
  }

  tune({ yieldEveryNs, stampEvery }: EngineTuning): void {
    this.loop.yieldEveryNs = yieldEveryNs;
    this.#buffers.stampEvery = stampEvery;
  }

  override destroy(): void {
    super.destroy();
    this.#streams.close();
  }

  #createWriter(): FrameWriter {
    return new FrameWriter(this.#streams, {
      blocked: (connection) => {
        this.#blocked.add(connection);
        this.loop.epoll.add(this.connections.fdOf(connection), epollEvents.writable, connection);
      },
      unblocked: (connection) => {
        this.#blocked.delete(connection);
        this.loop.epoll.remove(this.connections.fdOf(connection));
      },
      failed: (connection) => this.connections.end(connection, this.#streams.faultOf()),
    });
  }

  /** One turn: hands over what is to go out, waits, and handles what came. */
  #wait(timeoutNs: number): void {
    const count = this.#held > 0 ? this.#held : this.#enter(timeoutNs);
    this.#held = 0;
    this.#gathers = true;
    for (let i = 0; i < count; i++) {
      const request = this.#ring.requestAt(i);
      if (request === ringRequests.receive) this.#onReceived(i);
      else if (request === ringRequests.poll) this.#onEpollReady(i);
    }
    if (this.#sendErrnos.size > 0) this.#endBroken();
  }

  #flush(): void {
    if (this.#held === 0) this.#held = this.#enter(0);
    // What is sent in Node's turn goes out by itself, for nobody knows when that is over.
    this.#gathers = false;
  }

  #enter(timeoutNs: number): number {
    this.#outbox.submit(this.#requests);
    this.#requests.startReceives();
    this.#looked -= this.#count;
    this.#count = this.#ring.wait(timeoutNs);
    this.#takeBack(this.#count);
    return this.#count;
  }

  #submit(): void {
    this.#outbox.submit(this.#requests);
    this.#takeBack(this.#ring.submit());
  }

  /** First of all after sends: nothing may overtake what a socket had no room for. */
  #takeBack(completions: number): void {
    for (; this.#looked < completions; this.#looked++) {
      if (this.#ring.requestAt(this.#looked) === ringRequests.send) this.#onSendCutShort(this.#looked);
    }
  }

  /** The hot path: what came, frame by frame, to the sink. */
  #onReceived(index: number): void {
    const connection = this.#requests.connectionAt(index);
    const buffer = this.#ring.bufferAt(index);
    let received = this.#ring.resultAt(index);
    if (connection !== overConnection && !this.#ring.moreAt(index)) this.#requests.receiveEnded(connection);
    if (buffer >= 0) {
      const start = this.#buffers.read(buffer);
      const end = this.#buffers.endOf(buffer, received);
      received = end - start;
      if (connection !== overConnection && received > 0) {
        this.connections.read(connection, this.#buffers.bytes, start, end);
      }
      this.#buffers.ring.give(buffer);
    }
    if (connection === overConnection || this.#requests.isReceiving(connection)) return;
    if (this.connections.isOpen(connection)) this.#onReceiveEnded(connection, received);
  }

  #onReceiveEnded(connection: number, received: number): void {
    // Every buffer was taken, or the kernel has another reason to be asked again.
    if (received > 0 || received === -errnos.ENOBUFS || received === -errnos.EINTR) {
      this.#requests.receive(connection);
      return;
    }
    // A send that failed takes the socket's error away from the receive.
    const errno = received < 0 ? -received : this.#sendErrnos.get(connection);
    if (errno === undefined) this.connections.ended(connection);
    else this.connections.end(connection, faultOfCode(errnoName(errno)));
  }

  #onSendCutShort(index: number): void {
    const connection = this.#requests.connectionAt(index);
    if (connection === overConnection) return;
    const result = this.#ring.resultAt(index);
    if (result >= 0 || result === -errnos.EAGAIN || result === -errnos.EINTR) {
      this.#writer.bytes(connection, this.#outbox.unsent(connection, Math.max(0, result)));
    } else this.#sendErrnos.set(connection, -result);
  }

  /** Sends failed, and what was received did not tell why the connection is over. */
  #endBroken(): void {
    for (const [connection, errno] of this.#sendErrnos) {
      this.#sendErrnos.delete(connection);
      this.connections.end(connection, faultOfCode(errnoName(errno)));
    }
  }

  #handle(connection: number): void {
    if (this.connections.isOpen(connection)) this.#writer.flush(connection);
    else if (this.opening.has(connection)) this.opening.progress(connection);
  }

  #onEpollReady(index: number): void {
    this.loop.handleReady();
    if (!this.#ring.moreAt(index)) this.#watchEpoll();
  }

  #watchEpoll(): void {
    this.#ring.poll(this.loop.epoll.fd, epollEvents.readable, 0);
  }

  #onOpened(connection: number, fd: number, times: OpeningTimes, early: Buffer | null): void {
    this.loop.epoll.remove(fd);
    this.#requests.begin(connection, fd);
    this.connections.opened(connection, fd, times, early);
  }

  /** Through the ring what can, and by a call of its own what is too large for it or comes after such. */
  #write(connection: number, opcode: Opcode, payload: Buffer): void {
    const joins = this.#gathers && opcode !== opcodes.close && !this.#blocked.has(connection);
    if (joins && this.#outbox.add(connection, opcode, payload)) {
      if (this.#outbox.isFull) this.#submit();
      return;
    }
    const earlier = this.#outbox.takeBack(connection);
    if (earlier !== null) this.#writer.bytes(connection, earlier);
    if (this.connections.isOpen(connection)) this.#writer.frame(connection, opcode, payload);
  }

  #release(connection: number, fd: number): void {
    this.#requests.end(connection);
    if (this.#blocked.delete(connection)) this.loop.epoll.remove(fd);
    this.#outbox.takeBack(connection);
    this.#writer.forget(connection);
    this.#streams.end(connection);
    closeDescriptor(fd);
  }
}
