/**
 * How many connections wait to be accepted on a port of this machine, from /proc/net/tcp (proc_net_tcp in the kernel's
 * documentation: of a listening socket, rx_queue is the accept queue's length). Listening sockets stand first in that
 * file, so it is read as far as they go, however many connections there are; one read gives a page of it at most.
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
    return parseListenBacklog(readListening(fd), port);
  } finally {
    closeSync(fd);
  }
}

/** Whole lines come with each read. */
function readListening(fd: number): string {
  let text = "";
  for (;;) {
    const read = part.toString("latin1", 0, readSync(fd, part));
    text += read;
    const last = read.trimEnd().split("\n").at(-1) ?? "";
    if (read === "" || stateOf(last) !== listening) return text;
  }
}

function stateOf(line: string): string | undefined {
  return line.trim().split(/\s+/)[3];
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
