/**
 * Node's own loop, libuv's, as something that an epoll can wait for: a loop of ours that shares the main thread with it
 * then sleeps as long as neither has work, and gives Node a turn as soon as it has some, not by the clock.
 */
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";
import { closeDescriptor } from "./close-descriptor.js";
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { loadNativeLibrary } from "./native-library.js";
import { PinnedBuffer } from "./pinned-buffer.js";

const O_CLOEXEC = 0o2000000;

/** @returns null in a worker, whose loop has no name to find it by, and where Node does not export libuv */
export function findNodeLoop(): NodeLoop | null {
  if (!isMainThread) return null;
  const library = loadNativeLibrary(null);
  const names = ["uv_default_loop", "uv_backend_fd", "uv_backend_timeout"];
  if (!names.every((name) => library.has(name))) return null;
  const loop = library.declare<() => number>("uv_default_loop", "address", [])();
  const timeoutMs = library.declare<(loop: number) => number>("uv_backend_timeout", "int", ["address"]);
  const fd = library.declare<(loop: number) => number>("uv_backend_fd", "int", ["address"])(loop);
  return new NodeLoop(fd, () => timeoutMs(loop));
}

/**
 * What waits for this runs in a turn that began with a byte in a pipe, and not in an immediate: only there does libuv
 * know how long it may sleep. An immediate keeps it awake until after its callback; and whatever is ready together with
 * the pipe stays readable, where messages between threads, say, are taken all at once.
 */
export class NodeLoop {
  /** Readable while something that Node waits for has come: a message, a signal, a finished piece of work. */
  readonly fd: number;
  readonly #timeoutMs: () => number;
  readonly #bytes = new PinnedBuffer(8);
  readonly #writeEnd: number;
  /** Also keeps Node alive, which has no patience when nothing does. */
  readonly #reader: Socket;
  #resume: () => void = () => undefined;

  constructor(fd: number, timeoutMs: () => number) {
    this.fd = fd;
    this.#timeoutMs = timeoutMs;
    const ends = Buffer.alloc(8);
    checked("pipe2", libc().pipe2(ends, O_CLOEXEC));
    this.#writeEnd = ends.readInt32LE(4);
    this.#reader = new Socket({ fd: ends.readInt32LE(0), readable: true, writable: false });
    this.#reader.on("data", () => this.#resume());
  }

  /**
   * How long Node may sleep from the beginning of its last turn, in nanoseconds: until its next timer; infinity when it
   * has none. 0 when work is at hand, and when it has taken on a descriptor that its epoll does not know of yet.
   */
  patienceNs(): number {
    const ms = this.#timeoutMs();
    return ms < 0 ? Number.POSITIVE_INFINITY : ms * 1e6;
  }

  /** Lets Node do what it has to do. One at a time. */
  turn(): Promise<void> {
    checked("write", libc().write(this.#writeEnd, this.#bytes.address, 1));
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  close(): void {
    this.#reader.destroy();
    closeDescriptor(this.#writeEnd);
  }
}
