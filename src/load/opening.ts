/**
 * Connections on their way to an open WebSocket: socket, TCP, the stream's own handshake, the upgrade. Whoever drives
 * them afterwards gets the descriptor.
 */
import { monotonicClock } from "../base/clock.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { errnoName, errnos } from "../linux/errno.js";
import type { EventLoop } from "../linux/event-loop.js";
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { familyOf, sockaddrOf } from "../linux/socket-address.js";
import { setBindAddressNoPort, setNoDelay, socketError } from "../linux/socket-options.js";
import { bindSocket, connectSocket, openTcpSocket } from "../linux/tcp-socket.js";
import { faultOfCode } from "./classify-error.js";
import type { ConnectionFault, EngineSettings, OpeningTimes } from "./engine.js";
import { Handshakes, type OpeningHandshakes } from "./handshakes.js";
import { type Streams, streamOutcomes } from "./streams.js";

interface OpeningEvents {
  /** @param early frames that came with the answer; null for none */
  opened(connection: number, fd: number, times: OpeningTimes, early: Buffer | null): void;
  /** Its socket is closed already. */
  failed(connection: number, fault: ConnectionFault): void;
}

interface OpeningSocket {
  readonly fd: number;
  phase: "connecting" | "securing" | "upgrading";
  /** The mask that it is watched for; 0 before it is. */
  watched: number;
}

/** Handshakes that take too long are looked for so often. */
const sweepEveryNs = 1e8;

export class Opening {
  readonly #streams: Streams;
  readonly #loop: EventLoop;
  readonly #events: OpeningEvents;
  readonly #handshakes: OpeningHandshakes;
  /** Where to, and where from: each connection takes the next. */
  readonly #peers: readonly Buffer[];
  readonly #sources: readonly Buffer[];
  readonly #sockets = new Map<number, OpeningSocket>();
  readonly #out = new PinnedBuffer(32 * 1024);

  /** @throws UsageError when the target's path, host or origin cannot stand in a request */
  constructor(
    settings: EngineSettings,
    streams: Streams,
    loop: EventLoop,
    events: OpeningEvents,
    handshakes: OpeningHandshakes = new Handshakes(settings),
  ) {
    const { target } = settings;
    this.#streams = streams;
    this.#loop = loop;
    this.#events = events;
    this.#handshakes = handshakes;
    this.#peers = target.ports.map((port) => sockaddrOf(target.address, port));
    this.#sources = settings.sources.map((source) => sockaddrOf(source, 0));
    this.#sweep();
  }

  /** Whether a connection is under way here. */
  has(connection: number): boolean {
    return this.#sockets.size > 0 && this.#sockets.has(connection);
  }

  begin(connection: number): void {
    const peer = this.#peers[connection % this.#peers.length] as Buffer;
    const fd = openTcpSocket(familyOf(peer));
    if (fd < 0) {
      this.#failLater(connection, faultOfCode(errnoName(-fd)));
      return;
    }
    const socket: OpeningSocket = { fd, phase: "connecting", watched: 0 };
    this.#sockets.set(connection, socket);
    this.#handshakes.begin(connection, monotonicClock.now());
    setNoDelay(fd);
    this.#streams.begin(connection, fd);
    const fault = this.#connect(connection, socket, peer);
    if (fault === null) return;
    this.#drop(connection);
    this.#failLater(connection, fault);
  }

  /** Its socket has events: takes the next step. */
  progress(connection: number): void {
    const socket = this.#of(connection);
    if (socket.phase === "upgrading") {
      this.#readAnswer(connection, socket);
      return;
    }
    const fault =
      socket.phase === "connecting"
        ? this.#endConnecting(connection, socket)
        : this.#secure(connection, socket);
    if (fault !== null) this.#fail(connection, fault);
  }

  /** Closes everything under way, without events. */
  destroy(): void {
    for (const connection of [...this.#sockets.keys()]) this.#drop(connection);
  }

  /**
   * Over loopback the other side has answered before `connect` returns, which never says so of a socket that does not
   * block: asked again, it does.
   */
  #connect(connection: number, socket: OpeningSocket, peer: Buffer): ConnectionFault | null {
    const { fd } = socket;
    let result = this.#bindSource(connection, fd) || connectSocket(fd, peer);
    if (result === -errnos.EINPROGRESS) result = connectSocket(fd, peer);
    if (result === -errnos.EALREADY) {
      this.#watch(connection, socket, epollEvents.writable);
      return null;
    }
    return result < 0 ? faultOfCode(errnoName(-result)) : this.#connected(connection, socket);
  }

  #endConnecting(connection: number, socket: OpeningSocket): ConnectionFault | null {
    const errno = socketError(socket.fd);
    return errno === 0 ? this.#connected(connection, socket) : faultOfCode(errnoName(errno));
  }

  #connected(connection: number, socket: OpeningSocket): ConnectionFault | null {
    this.#handshakes.connected(connection, monotonicClock.now());
    socket.phase = "securing";
    return this.#secure(connection, socket);
  }

  #secure(connection: number, socket: OpeningSocket): ConnectionFault | null {
    const readiness = this.#streams.advance(connection);
    if (readiness === "failed") return this.#streams.faultOf(connection);
    this.#watch(connection, socket, readiness === "want-write" ? epollEvents.writable : epollEvents.readable);
    if (readiness !== "ready") return null;
    socket.phase = "upgrading";
    const request = this.#handshakes.request(connection, monotonicClock.now());
    request.copy(this.#out.bytes);
    const sent = this.#streams.send(connection, this.#out, 0, request.length);
    if (sent === request.length) return null;
    if (sent === streamOutcomes.failed) return this.#streams.faultOf(connection);
    const detail = `${Math.max(0, sent)} of ${request.length} bytes of the request went out`;
    return { kind: "reset", code: null, detail };
  }

  #watch(connection: number, socket: OpeningSocket, mask: number): void {
    if (socket.watched === 0) this.#loop.epoll.add(socket.fd, mask, connection);
    else if (socket.watched !== mask) this.#loop.epoll.modify(socket.fd, mask, connection);
    socket.watched = mask;
  }

  #readAnswer(connection: number, socket: OpeningSocket): void {
    do {
      const received = this.#streams.receive(connection);
      if (received === streamOutcomes.again) return;
      if (received <= 0) {
        this.#fail(connection, this.#endFault(connection, received));
        return;
      }
      if (this.#takeAnswer(connection, socket, received)) return;
    } while (this.#streams.hasPending(connection));
  }

  /** @returns whether the handshake is over, one way or the other */
  #takeAnswer(connection: number, socket: OpeningSocket, received: number): boolean {
    const { buffer } = this.#streams;
    const tls = this.#streams.agreementOf(connection);
    const answer = this.#handshakes.answered(connection, buffer, received, tls);
    if (answer === null) return false;
    if ("fault" in answer) {
      this.#fail(connection, answer.fault);
      return true;
    }
    this.#sockets.delete(connection);
    // They lie in the buffer that the next read of any connection uses.
    const early = answer.framesAt < received ? Buffer.from(buffer.subarray(answer.framesAt, received)) : null;
    this.#events.opened(connection, socket.fd, answer.times, early);
    return true;
  }

  #endFault(connection: number, outcome: number): ConnectionFault {
    if (outcome === streamOutcomes.failed) return this.#streams.faultOf(connection);
    return { kind: "eof", code: null, detail: "ended before the upgrade was answered" };
  }

  /** @returns 0, or `-errno` */
  #bindSource(connection: number, fd: number): number {
    if (this.#sources.length === 0) return 0;
    setBindAddressNoPort(fd);
    return bindSocket(fd, this.#sources[connection % this.#sources.length] as Buffer);
  }

  /** Not at once: whoever opens the next one when this has failed would go ever deeper. */
  #failLater(connection: number, fault: ConnectionFault): void {
    this.#loop.timers.at(0, () => this.#events.failed(connection, fault));
  }

  #fail(connection: number, fault: ConnectionFault): void {
    this.#drop(connection);
    this.#events.failed(connection, fault);
  }

  #drop(connection: number): void {
    const { fd } = this.#of(connection);
    this.#sockets.delete(connection);
    this.#handshakes.forget(connection);
    this.#streams.end(connection);
    closeDescriptor(fd);
  }

  #of(connection: number): OpeningSocket {
    const socket = this.#sockets.get(connection);
    if (socket === undefined) throw new RangeError(`Connection ${connection} is not being opened`);
    return socket;
  }

  #sweep(): void {
    const nowNs = monotonicClock.now();
    for (const { connection, fault } of this.#handshakes.overdue(nowNs)) this.#fail(connection, fault);
    this.#loop.timers.at(nowNs + sweepEveryNs, () => this.#sweep());
  }
}
