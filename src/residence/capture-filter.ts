/**
 * Which packets are of use, as a program of classic BPF (the kernel's Documentation/networking/filter.rst) that runs before
 * anything is copied: those that come to the proxy and those that leave it, on its clients' ports and its backend's, if they
 * carry data or open a connection. On the loopback interface every packet leaves and comes; each is taken once.
 */
import { instructionBytes } from "../linux/packet-ring.js";

/** Where a proxy is between its clients and its backend. */
export interface ProxyPorts {
  /** That its clients connect to. */
  readonly clients: readonly number[];
  /** That it connects to. */
  readonly upstreams: readonly number[];
}

type Instruction =
  | { readonly code: number; readonly k: number; readonly ifTrue?: number; readonly ifFalse?: number }
  | { readonly jump: string }
  | { readonly label: string };

const loadByte = 0x30;
const loadHalf = 0x28;
/** Behind the index register. */
const loadByteIndexed = 0x50;
const loadHalfIndexed = 0x48;
const loadLength = 0x80;
const indexIs = 0x01;
/** Four times the lower half of a byte: the length of an IPv4 header. */
const indexIsHeader = 0xb1;
const indexFromAccumulator = 0x07;
const addIndex = 0x0c;
const shiftRight = 0x74;
const shiftLeft = 0x64;
const jumpAlways = 0x05;
const isEqual = 0x15;
const hasBits = 0x45;
const isAboveIndex = 0x2d;
const give = 0x06;

/** In place of an offset: the packet's type, which says whether it comes or leaves. */
const packetType = 0xffff_f004;
const PACKET_OUTGOING = 4;
const TCP = 6;
const SYN = 2;
const ipv6HeaderBytes = 40;
const mostBytes = 0x4_0000;

/** @returns the program's bytes */
export function captureFilter({ clients, upstreams }: ProxyPorts): Buffer {
  const ofPorts = (offset: number, ports: readonly number[]): Instruction[] => [
    { code: loadHalfIndexed, k: offset },
    ...ports.flatMap((port) => when(isEqual, port, "ours")),
  ];
  const [from, to] = [0, 2];
  return assemble([
    { code: loadByte, k: 0 },
    { code: shiftRight, k: 4 },
    ...when(isEqual, 4, "ipv4"),
    ...unless(isEqual, 6, "drop"),
    { code: loadByte, k: 6 },
    ...unless(isEqual, TCP, "drop"),
    { code: indexIs, k: ipv6HeaderBytes },
    { jump: "tcp" },
    { label: "ipv4" },
    { code: loadByte, k: 9 },
    ...unless(isEqual, TCP, "drop"),
    { code: loadHalf, k: 6 },
    // A fragment that is not the first has no TCP header.
    ...when(hasBits, 0x1fff, "drop"),
    { code: indexIsHeader, k: 0 },
    { label: "tcp" },
    { code: loadByte, k: packetType },
    ...when(isEqual, PACKET_OUTGOING, "leaves"),
    ...ofPorts(to, clients),
    ...ofPorts(from, upstreams),
    { jump: "drop" },
    { label: "leaves" },
    ...ofPorts(from, clients),
    ...ofPorts(to, upstreams),
    { jump: "drop" },
    { label: "ours" },
    { code: loadByteIndexed, k: 13 },
    ...when(hasBits, SYN, "keep"),
    // The length of the TCP header, in its upper half as words of four bytes.
    { code: loadByteIndexed, k: 12 },
    { code: shiftRight, k: 4 },
    { code: shiftLeft, k: 2 },
    { code: addIndex, k: 0 },
    { code: indexFromAccumulator, k: 0 },
    { code: loadLength, k: 0 },
    ...when(isAboveIndex, 0, "keep"),
    { label: "drop" },
    { code: give, k: 0 },
    { label: "keep" },
    { code: give, k: mostBytes },
  ]);
}

/** A condition reaches 255 instructions far, a jump everywhere. */
function when(code: number, k: number, label: string): Instruction[] {
  return [{ code, k, ifFalse: 1 }, { jump: label }];
}

function unless(code: number, k: number, label: string): Instruction[] {
  return [{ code, k, ifTrue: 1 }, { jump: label }];
}

function assemble(instructions: readonly Instruction[]): Buffer {
  const places = new Map<string, number>();
  let count = 0;
  for (const instruction of instructions) {
    if ("label" in instruction) places.set(instruction.label, count);
    else count++;
  }
  const program = Buffer.alloc(count * instructionBytes);
  let place = 0;
  for (const instruction of instructions) {
    if ("label" in instruction) continue;
    const at = place++ * instructionBytes;
    if ("jump" in instruction) {
      program.writeUInt16LE(jumpAlways, at);
      program.writeUInt32LE((places.get(instruction.jump) as number) - place, at + 4);
    } else {
      program.writeUInt16LE(instruction.code, at);
      program.writeUInt8(instruction.ifTrue ?? 0, at + 2);
      program.writeUInt8(instruction.ifFalse ?? 0, at + 3);
      program.writeUInt32LE(instruction.k, at + 4);
    }
  }
  return program;
}
