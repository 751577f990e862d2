/**
 * Setting up an io_uring (io_uring_setup(2)) and mapping its two rings. Layouts: linux/io_uring.h.
 */
import { closeDescriptor } from "./close-descriptor.js";
import { checked, SystemCallError } from "./errno.js";
import { libc } from "./libc.js";
import { MappedMemory } from "./mapped-memory.js";
import { PinnedBuffer } from "./pinned-buffer.js";

/** One number on every processor. */
const SYS_io_uring_setup = 425;
const ENOSYS = 38;

const IORING_SETUP_CQSIZE = 1 << 3;
const IORING_SETUP_SUBMIT_ALL = 1 << 7;
/** Only this thread submits; only when it asks for completions are they worked out. Both need Linux 6.1. */
const IORING_SETUP_SINGLE_ISSUER = 1 << 12;
const IORING_SETUP_DEFER_TASKRUN = 1 << 13;

/** Both rings in one mapping, no completion dropped, waits with a timeout, successes left out on demand. */
const IORING_FEAT_SINGLE_MMAP = 1 << 0;
const IORING_FEAT_NODROP = 1 << 1;
const IORING_FEAT_EXT_ARG = 1 << 8;
const IORING_FEAT_CQE_SKIP = 1 << 11;
const neededFeatures =
  IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

const IORING_OFF_SQ_RING = 0;
const IORING_OFF_SQES = 0x1000_0000;
const sqeBytes = 64;
const cqeBytes = 16;

export interface RingSizes {
  /** Requests that can wait to be submitted; a power of two. */
  readonly submissions: number;
  /** Completions that fit before the kernel has to keep them elsewhere; a power of two, at least as many. */
  readonly completions: number;
}

/** The rings as 32-bit words, with the places of what is in them as indexes of words. */
export interface IoUringMaps {
  readonly fd: number;
  readonly rings: MappedMemory;
  readonly entries: MappedMemory;
  readonly submission: { readonly count: number; readonly mask: number; readonly tailWord: number };
  readonly completion: {
    readonly mask: number;
    readonly headWord: number;
    readonly tailWord: number;
    readonly firstWord: number;
  };
}

/** @throws SystemCallError ENOSYS, EPERM where it is forbidden, EINVAL where the kernel is older than 6.1 */
export function setUpIoUring({ submissions, completions }: RingSizes): IoUringMaps {
  // struct io_uring_params: u32 each; the offsets of the submission ring from byte 40 on, of the completion ring from 80.
  const params = new PinnedBuffer(120);
  const { bytes } = params;
  bytes.writeUInt32LE(completions, 4);
  const flags =
    IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  bytes.writeUInt32LE(flags, 8);
  const fd = checked(
    "io_uring_setup",
    libc().syscall(SYS_io_uring_setup, submissions, params.address, 0, 0, 0),
  );
  const at = (byte: number): number => bytes.readUInt32LE(byte);
  if ((at(20) & neededFeatures) !== neededFeatures) {
    closeDescriptor(fd);
    throw new SystemCallError("io_uring_setup", ENOSYS);
  }
  const rings = new MappedMemory(Math.max(at(64) + at(0) * 4, at(100) + at(4) * cqeBytes), {
    fd,
    offset: IORING_OFF_SQ_RING,
  });
  const entries = new MappedMemory(at(0) * sqeBytes, { fd, offset: IORING_OFF_SQES });
  const words = new Int32Array(rings.view);
  // The submission ring holds indexes of entries; each place has its own for good.
  for (let i = 0; i < at(0); i++) words[at(64) / 4 + i] = i;
  return {
    fd,
    rings,
    entries,
    submission: { count: at(0), mask: words[at(48) / 4] as number, tailWord: at(44) / 4 },
    completion: {
      mask: words[at(88) / 4] as number,
      headWord: at(80) / 4,
      tailWord: at(84) / 4,
      firstWord: at(100) / 4,
    },
  };
}
