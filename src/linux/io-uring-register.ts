/**
 * Orders to an io_uring outside its rings (io_uring_register(2)).
 */
import { checked, errnos, lastErrno, SystemCallError } from "./errno.js";
import { libc } from "./libc.js";
import { PinnedBuffer } from "./pinned-buffer.js";

/** One number on every processor. */
const SYS_io_uring_register = 427;
const IORING_REGISTER_PBUF_RING = 22;
const IORING_UNREGISTER_PBUF_RING = 23;
/** Linux 6.0. */
const IORING_REGISTER_SYNC_CANCEL = 24;
const IORING_ASYNC_CANCEL_ALL = 1;
const IORING_ASYNC_CANCEL_ANY = 4;
const cancelTimeoutS = 1n;

interface BufferRegistration {
  /** Of the first entry: the beginning of a page. */
  readonly address: number;
  readonly count: number;
  readonly group: number;
}

/** @throws SystemCallError EEXIST where the group is there already */
export function registerBufferRing(ring: number, { address, count, group }: BufferRegistration): void {
  // struct io_uring_buf_reg { u64 ringAddress; u32 ringEntries; u16 group; u16 flags; u64 reserved[3] }
  const order = new PinnedBuffer(40);
  order.bytes.writeBigUInt64LE(BigInt(address), 0);
  order.bytes.writeUInt32LE(count, 8);
  order.bytes.writeUInt16LE(group, 12);
  checked("io_uring_register", register(ring, IORING_REGISTER_PBUF_RING, order));
}

/** The kernel takes none of the buffers any more. */
export function unregisterBufferRing(ring: number, group: number): void {
  const order = new PinnedBuffer(40);
  order.bytes.writeUInt16LE(group, 12);
  checked("io_uring_register", register(ring, IORING_UNREGISTER_PBUF_RING, order));
}

/** Ends every request of the ring; it is done with them once its thread has asked for completions. */
export function cancelAllRequests(ring: number): void {
  // struct io_uring_sync_cancel_reg { u64 address; i32 fd; u32 flags; timespec; … }, 64 bytes.
  const order = new PinnedBuffer(64);
  order.bytes.writeInt32LE(-1, 8);
  order.bytes.writeUInt32LE(IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_ANY, 12);
  order.bytes.writeBigInt64LE(cancelTimeoutS, 16);
  if (register(ring, IORING_REGISTER_SYNC_CANCEL, order) >= 0) return;
  const errno = lastErrno();
  // There was nothing to cancel; or something would not end in time, which is left to the ring's own end.
  if (errno !== errnos.ENOENT && errno !== errnos.ETIME) {
    throw new SystemCallError("io_uring_register", errno);
  }
}

function register(ring: number, operation: number, order: PinnedBuffer): number {
  return libc().syscall(SYS_io_uring_register, ring, operation, order.address, 1, 0);
}
