/**
 * The listening sockets: takes connections in bulk, and stops for a moment when there are no descriptors left.
 */
import { monotonicClock } from "../base/clock.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { errnos, SystemCallError } from "../linux/errno.js";
import type { EventLoop } from "../linux/event-loop.js";
import { familyOf, sockaddrOf } from "../linux/socket-address.js";
import { setNoDelay, setReceiveStamps, setReuseAddress } from "../linux/socket-options.js";
import {
  acceptConnection,
  bindSocket,
  listenOn,
  localAddressOf,
  openTcpSocket,
} from "../linux/tcp-socket.js";
import { listenBacklog } from "./pong-server.js";

/** So that those which are open are not kept waiting by those which come. */
const acceptedAtOnce = 64;
/** The socket would be readable all the while. */
const pauseNs = 1e8;
const shortages: readonly number[] = [errnos.EMFILE, errnos.ENFILE, errnos.ENOBUFS, errnos.ENOMEM];

interface AcceptorSettings {
  readonly loop: EventLoop;
  readonly stamps: boolean;
  readonly accepted: (fd: number) => void;
}

export class Acceptor {
  readonly #settings: AcceptorSettings;
  readonly #listening = new Set<number>();
  /** How often there was no descriptor for a connection, or no memory. */
  failures = 0;

  constructor(settings: AcceptorSettings) {
    this.#settings = settings;
  }

  /**
   * @param address an IP address
   * @returns the port
   * @throws SystemCallError EADDRINUSE, EACCES, EADDRNOTAVAIL, EMFILE
   */
  listen(address: string, port: number): number {
    const sockaddr = sockaddrOf(address, port);
    const fd = openTcpSocket(familyOf(sockaddr));
    if (fd < 0) throw new SystemCallError("socket", -fd);
    try {
      setReuseAddress(fd);
      // What is accepted has its options from here, which saves a system call a connection.
      setNoDelay(fd);
      if (this.#settings.stamps) setReceiveStamps(fd);
      const result = bindSocket(fd, sockaddr);
      if (result < 0) throw new SystemCallError("bind", -result);
      listenOn(fd, listenBacklog);
      this.#settings.loop.epoll.add(fd, epollEvents.readable);
    } catch (thrown) {
      closeDescriptor(fd);
      throw thrown;
    }
    this.#listening.add(fd);
    return localAddressOf(fd).port;
  }

  get isListening(): boolean {
    return this.#listening.size > 0;
  }

  /** Takes those who wait on a listening socket; no harm with any other descriptor. */
  accept(fd: number): void {
    if (!this.#listening.has(fd)) return;
    for (let count = 0; count < acceptedAtOnce; count++) {
      const accepted = acceptConnection(fd);
      if (accepted >= 0) this.#settings.accepted(accepted);
      else if (accepted === -errnos.EAGAIN) return;
      else if (shortages.includes(-accepted)) {
        this.failures++;
        this.#pause(fd);
        return;
      }
      // Otherwise the connection has ended while it waited (accept(2), Error handling).
    }
  }

  close(): void {
    for (const fd of this.#listening) closeDescriptor(fd);
    this.#listening.clear();
  }

  #pause(fd: number): void {
    const { epoll, timers } = this.#settings.loop;
    epoll.modify(fd, 0);
    timers.at(monotonicClock.now() + pauseNs, () => {
      if (this.#listening.has(fd)) epoll.modify(fd, epollEvents.readable);
    });
  }
}
