/**
 * Whether io_uring works here, by having it receive and send. That it can be set up says little: containers' filters,
 * sandboxes and older kernels let that pass and refuse what comes after.
 */
import { messageOf } from "../base/errors.js";
import { closeDescriptor } from "./close-descriptor.js";
import { errnoName, SystemCallError } from "./errno.js";
import { IoUring, ringRequests } from "./io-uring.js";
import { isLinuxLayerAvailable, type LayerAvailability } from "./linux-layer.js";
import { PinnedBuffer } from "./pinned-buffer.js";
import { receiveBytes, sendBytes } from "./socket-bytes.js";
import { openSocketPair } from "./socket-pair.js";

/** Far more than it takes. */
const patienceNs = 1e9;

/** Takes 1 ms and leaves nothing behind. Ask once, in the thread that is to use it or another. */
export function isIoUringUsable(): LayerAvailability {
  const layer = isLinuxLayerAvailable();
  if (!layer.available) return layer;
  try {
    tryOut();
    return { available: true };
  } catch (error) {
    return { available: false, reason: reasonOf(error) };
  }
}

function tryOut(): void {
  const [near, far] = openSocketPair();
  try {
    const ring = new IoUring({ submissions: 8, completions: 16 });
    try {
      exchange(ring, near, far);
    } finally {
      ring.close();
    }
  } finally {
    closeDescriptor(near);
    closeDescriptor(far);
  }
}

/** One request receives twice, and what is sent arrives. */
function exchange(ring: IoUring, near: number, far: number): void {
  const buffers = ring.provideBuffers({ group: 1, count: 4, bytesEach: 64 });
  const message = new PinnedBuffer(16);
  ring.receive(near, buffers, 7);
  for (const value of [0x51, 0x52]) {
    message.bytes.fill(value);
    sendBytes(far, message, 0, message.length);
    demand(ring.wait(patienceNs) === 1, "no completion came");
    demand(ring.requestAt(0) === ringRequests.receive && ring.tagAt(0) === 7, "a stray completion came");
    demand(ring.resultAt(0) === message.length, `receiving gave ${outcome(ring.resultAt(0))}`);
    demand(ring.moreAt(0), "a request receives only once");
    const id = ring.bufferAt(0);
    demand(id >= 0 && buffers.bytes[buffers.startOf(id)] === value, "other bytes were received");
    buffers.give(id);
  }
  ring.send(near, message, 0, message.length, 8, "all");
  demand(ring.wait(patienceNs) === 1, "no completion of a send came");
  demand(ring.resultAt(0) === message.length, `sending gave ${outcome(ring.resultAt(0))}`);
  demand(receiveBytes(far, message) === message.length, "what was sent did not arrive");
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function outcome(result: number): string {
  return result < 0 ? errnoName(-result) : `${result} bytes`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SystemCallError)) return `io_uring does not work: ${messageOf(error)}`;
  switch (error.code) {
    case "ENOSYS":
      return "this kernel has no io_uring, or a container's filter hides it";
    case "EPERM":
    case "EACCES":
      return "io_uring is forbidden here (sysctl kernel.io_uring_disabled, or a container's filter)";
    case "EINVAL":
      return "this kernel's io_uring is older than Linux 6.1";
    default:
      return `io_uring does not work: ${error.message}`;
  }
}
