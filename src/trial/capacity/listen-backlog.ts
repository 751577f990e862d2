/**
 * How many connections wait to be accepted on a port of this machine, from /proc/net/tcp (proc_net_tcp in the kernel's
 * documentation: of a listening socket, rx_queue is the accept queue's length). Listening sockets stand first in that
 * file, so its first part is enough, however many connections there are.
 */
import { closeSync, openSync, readSync } from "node:fs";

const file = "/proc/net/tcp";
const listening = "0A";
const part = Buffer.alloc(64 * 1024);

/** Null where the system does not tell. */
export function listenBacklog(port: number): number | null {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    // Not Linux.
    return null;
  }
  try {
    return parseListenBacklog(part.toString("latin1", 0, readSync(fd, part)), port);
  } finally {
    closeSync(fd);
  }
}

/** The sum over all sockets that listen on the port (`reuseport`); null for none. */
export function parseListenBacklog(text: string, port: number): number | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const queues = text.split("\n").flatMap((line) => {
    const [, local, , state, queue] = line.trim().split(/\s+/);
    if (state !== listening || !local?.endsWith(`:${wanted}`)) return [];
    return [Number.parseInt(queue?.split(":")[1] ?? "", 16)];
  });
  return queues.length === 0 ? null : queues.reduce((sum, length) => sum + length, 0);
}
