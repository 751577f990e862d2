/**
 * Packets of the machine as they pass, each with the kernel's stamp, through memory that the kernel fills block by block
 * (packet(7) and the kernel's Documentation/networking/packet_mmap.rst, TPACKET_V3): no system call a packet. Nothing is
 * taken before a filter says what, and what it does not name is not copied.
 */
import { closeDescriptor } from "./close-descriptor.js";
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { MappedMemory } from "./mapped-memory.js";
import { PinnedBuffer } from "./pinned-buffer.js";
import { realtimeEpochS } from "./system-clock.js";

const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const TPACKET_V3 = 2;
const ETH_P_ALL = 3;
const TP_STATUS_KERNEL = 0;
const TP_STATUS_USER = 1;

/** Half a second of 200,000 small packets a second. */
const blockBytes = 256 * 1024;
const blocks = 64;
/** Only a number that has to fit: packets lie one behind the other. */
const frameBytes = 2048;
/** A block that is not full is handed over after so long. */
const retireMs = 8;

/** struct tpacket_block_desc: version, offset, then status, packets, the first one's offset. */
const blockWords = { status: 2, packets: 3, first: 4 } as const;
/** struct tpacket3_hdr. */
const packetFields = { next: 0, seconds: 4, nanoseconds: 8, captured: 12, length: 16, network: 26 } as const;

/** struct sock_filter, one of a classic BPF program. */
export const instructionBytes = 8;
/** `ret 0`. */
const nothing = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]);

/**
 * @param at where the packet's network header begins in `ring`, which holds it until the call returns
 * @param captured bytes that are there, of `length`
 * @param stampNs nanoseconds of CLOCK_REALTIME since `realtimeEpochS`
 */
type PacketHandler = (ring: Buffer, at: number, captured: number, length: number, stampNs: number) => void;

interface PacketCounts {
  readonly taken: number;
  /** Lost for want of room. */
  readonly dropped: number;
}

export class PacketRing {
  readonly #fd: number;
  readonly #memory: MappedMemory;
  #bytes: Buffer;
  #words: Int32Array;
  #block = 0;

  /**
   * Of all interfaces in the caller's network namespace, and of what goes out as of what comes in.
   * @throws SystemCallError: EPERM without CAP_NET_RAW in the namespace
   */
  constructor() {
    // Of no protocol at first, so that nothing comes before there is a filter.
    this.#fd = checked("socket", libc().socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    try {
      this.takeNothing();
      this.#set(PACKET_VERSION, [TPACKET_V3]);
      const frames = (blockBytes / frameBytes) * blocks;
      this.#set(PACKET_RX_RING, [blockBytes, blocks, frameBytes, frames, retireMs, 0, 0]);
      this.#memory = new MappedMemory(blockBytes * blocks, { fd: this.#fd, offset: 0 });
      this.#bytes = Buffer.from(this.#memory.view);
      this.#words = new Int32Array(this.#memory.view);
      // struct sockaddr_ll: family, protocol, and 0 for every interface.
      const everywhere = Buffer.alloc(20);
      everywhere.writeUInt16LE(AF_PACKET, 0);
      everywhere.writeUInt16BE(ETH_P_ALL, 2);
      checked("bind", libc().bind(this.#fd, everywhere, everywhere.length));
    } catch (thrown) {
      closeDescriptor(this.#fd);
      throw thrown;
    }
  }

  /** @param program whole instructions of classic BPF, whose packets begin with their network header */
  take(program: Buffer): void {
    const held = new PinnedBuffer(program.length);
    program.copy(held.bytes);
    // struct sock_fprog: how many, and where they are.
    const described = Buffer.alloc(16);
    described.writeUInt16LE(program.length / instructionBytes, 0);
    described.writeBigUInt64LE(BigInt(held.address), 8);
    const set = libc().setsockopt(this.#fd, SOL_SOCKET, SO_ATTACH_FILTER, described, described.length);
    checked("setsockopt", set);
  }

  takeNothing(): void {
    this.take(nothing);
  }

  /** Hands over what has come in blocks that are full or have waited their time, in the order in which it was taken. */
  drain(handle: PacketHandler): void {
    for (;;) {
      const start = this.#block * blockBytes;
      const word = start / 4;
      // In this order as the processor sees it, for the kernel writes the status last.
      if ((Atomics.load(this.#words, word + blockWords.status) & TP_STATUS_USER) === 0) return;
      this.#handOver(start, handle);
      Atomics.store(this.#words, word + blockWords.status, TP_STATUS_KERNEL);
      this.#block = (this.#block + 1) % blocks;
    }
  }

  /** Since the last time it was asked. */
  counts(): PacketCounts {
    const counts = Buffer.alloc(12);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(counts.length);
    checked("getsockopt", libc().getsockopt(this.#fd, SOL_PACKET, PACKET_STATISTICS, counts, length));
    const dropped = counts.readUInt32LE(4);
    // The first counts those that were dropped as well.
    return { taken: counts.readUInt32LE(0) - dropped, dropped };
  }

  close(): void {
    this.#bytes = Buffer.alloc(0);
    this.#words = new Int32Array(0);
    this.#memory.unmap();
    closeDescriptor(this.#fd);
  }

  #handOver(start: number, handle: PacketHandler): void {
    const bytes = this.#bytes;
    let at = start + (this.#words[start / 4 + blockWords.first] as number);
    for (let left = this.#words[start / 4 + blockWords.packets] as number; left > 0; left--) {
      const seconds = bytes.readUInt32LE(at + packetFields.seconds);
      const stampNs = (seconds - realtimeEpochS) * 1e9 + bytes.readUInt32LE(at + packetFields.nanoseconds);
      const captured = bytes.readUInt32LE(at + packetFields.captured);
      const length = bytes.readUInt32LE(at + packetFields.length);
      handle(bytes, at + bytes.readUInt16LE(at + packetFields.network), captured, length, stampNs);
      at += bytes.readUInt32LE(at + packetFields.next);
    }
  }

  #set(option: number, numbers: readonly number[]): void {
    const value = Buffer.alloc(4 * numbers.length);
    for (const [index, number] of numbers.entries()) value.writeUInt32LE(number, 4 * index);
    checked("setsockopt", libc().setsockopt(this.#fd, SOL_PACKET, option, value, value.length));
  }
}
