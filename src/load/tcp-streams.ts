/**
 * Plain TCP: one system call a read, one a send.
 */
import { errnoName, errnos } from "../linux/errno.js";
import type { PinnedBuffer } from "../linux/pinned-buffer.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";
import { receiveBytes, sendBytes } from "../linux/socket-bytes.js";
import { setReceiveStamps } from "../linux/socket-options.js";
import { StampedReceiver } from "../linux/stamped-receiver.js";
import { faultOfCode } from "./classify-error.js";
import type { ConnectionFault } from "./engine.js";
import { type StreamReadiness, type Streams, streamOutcomes } from "./streams.js";

export class TcpStreams implements Streams {
  stampNs = Number.NaN;
  stampEvery = 1;
  readonly #receiver = new StampedReceiver();
  readonly #offset = new RealtimeOffset();
  readonly #fds: Int32Array;
  #errno = 0;
  #reads = 0;

  /** @param connections they are numbered below this */
  constructor(connections: number) {
    this.#fds = new Int32Array(connections).fill(-1);
  }

  get buffer(): Buffer {
    return this.#receiver.buffer.bytes;
  }

  begin(connection: number, fd: number): void {
    this.#fds[connection] = fd;
    setReceiveStamps(fd);
  }

  advance(): StreamReadiness {
    return "ready";
  }

  receive(connection: number): number {
    const fd = this.#fds[connection] as number;
    const isStamped = this.stampEvery > 0 && ++this.#reads >= this.stampEvery;
    const received = isStamped ? this.#receiveStamped(fd) : this.#receiveUnstamped(fd);
    return received >= 0 ? received : this.#outcomeOf(-received);
  }

  hasPending(): boolean {
    return false;
  }

  send(connection: number, source: PinnedBuffer, start: number, end: number): number {
    const sent = sendBytes(this.#fds[connection] as number, source, start, end);
    return sent >= 0 ? sent : this.#outcomeOf(-sent);
  }

  agreementOf(): null {
    return null;
  }

  faultOf(): ConnectionFault {
    return faultOfCode(errnoName(this.#errno));
  }

  end(connection: number): void {
    this.#fds[connection] = -1;
  }

  close(): void {
    this.stampNs = Number.NaN;
  }

  #receiveStamped(fd: number): number {
    this.#reads = 0;
    const received = this.#receiver.receive(fd);
    const stampNs = this.#receiver.stampNs;
    this.stampNs = stampNs === null ? Number.NaN : this.#offset.monotonicOf(stampNs);
    return received;
  }

  #receiveUnstamped(fd: number): number {
    this.stampNs = Number.NaN;
    return receiveBytes(fd, this.#receiver.buffer);
  }

  #outcomeOf(errno: number): number {
    if (errno === errnos.EAGAIN || errno === errnos.EINTR) return streamOutcomes.again;
    this.#errno = errno;
    return streamOutcomes.failed;
  }
}
