/** Servers of node:net and sockets of ours connected to them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { Epoll, epollEvents } from "#wsrally/linux/epoll.js";
import { errnos } from "#wsrally/linux/errno.js";
import { familyOf, sockaddrOf } from "#wsrally/linux/socket-address.js";
import { socketError } from "#wsrally/linux/socket-options.js";
import { connectSocket, openTcpSocket } from "#wsrally/linux/tcp-socket.js";
import { until } from "./linux-only.js";

export interface Loopback {
  readonly host: string;
  readonly port: number;
  readonly server: Server;
  /** The server's ends, in the order in which they were accepted. */
  readonly accepted: readonly Socket[];
  /** A connected socket of ours, closed in the end unless the test has done so. */
  connect(prepare?: (fd: number) => void): Promise<number>;
  /** Closes one of ours before the end. */
  close(fd: number): void;
}

export async function withLoopback(
  use: (loopback: Loopback) => Promise<void>,
  { host = "127.0.0.1", onSocket = (_socket: Socket): void => undefined } = {},
): Promise<void> {
  const accepted: Socket[] = [];
  const ours = new Set<number>();
  const server = createServer((socket) => {
    accepted.push(socket);
    // How the other end breaks is what some tests are about.
    socket.on("error", () => socket.destroy());
    onSocket(socket);
  }).listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = (fd: number): void => {
    ours.delete(fd);
    closeDescriptor(fd);
  };
  const connect = async (prepare = (_fd: number): void => undefined): Promise<number> => {
    const fd = await connectedTo(host, port, prepare);
    ours.add(fd);
    return fd;
  };
  try {
    await use({ host, port, server, accepted, connect, close });
  } finally {
    for (const fd of [...ours]) close(fd);
    for (const socket of accepted) socket.destroy();
    server.close();
    await once(server, "close");
  }
}

async function connectedTo(host: string, port: number, prepare: (fd: number) => void): Promise<number> {
  const sockaddr = sockaddrOf(host, port);
  const fd = openTcpSocket(familyOf(sockaddr));
  assert.ok(fd >= 0);
  prepare(fd);
  const outcome = connectSocket(fd, sockaddr);
  assert.ok(outcome === 0 || outcome === -errnos.EINPROGRESS, `${outcome}`);
  await untilReady(fd, epollEvents.writable);
  assert.equal(socketError(fd), 0);
  return fd;
}

/** @returns the events that came; errors and hang-ups always count */
export async function untilReady(fd: number, mask: number): Promise<number> {
  const epoll = new Epoll(1);
  epoll.add(fd, mask);
  await until(() => epoll.wait(0) > 0);
  const came = epoll.maskAt(0);
  epoll.close();
  return came;
}
