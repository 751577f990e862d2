/**
 * IPv4 packets (RFC 791) on the line: where each is going, and its addresses and checksums as it is to come out. A packet
 * to the proxy goes from `near` to a far address and comes out from that one at `loopback`; a packet to a client goes back.
 */
import { lineAddresses } from "./line-addresses.js";

const TCP = 6;
/** Of IPv4 and of TCP, without options. */
const headerBytes = 20;
const checksumAt = 10;
const sourceAt = 12;
const destinationAt = 16;
/** In a TCP header (RFC 9293, 3.1). */
const tcpChecksumAt = 16;

const near = wordOf(lineAddresses.near);
const loopback = wordOf(lineAddresses.loopback);
const network = near >>> 8;

/** What is no packet of a connection over the line. */
export const notCarried = -1;

/**
 * Which way a packet goes, and the far address's last byte.
 * @returns `far`, plus 256 for a packet to a client; `notCarried` for what is no TCP over the line
 */
export function passageOf(bytes: Buffer, at: number, length: number): number {
  if (length < 2 * headerBytes || (bytes[at] as number) >>> 4 !== 4 || bytes[at + 9] !== TCP)
    return notCarried;
  const source = bytes.readUInt32BE(at + sourceAt);
  const destination = bytes.readUInt32BE(at + destinationAt);
  if (destination >>> 8 !== network) return notCarried;
  const far = destination & 255;
  if (source === near) return far;
  return source === loopback ? far + 256 : notCarried;
}

export function isToClient(passage: number): boolean {
  return passage >= 256;
}

export function farOf(passage: number): number {
  return passage & 255;
}

/** How many flows there are: one each way for each port of a client. */
export const flows = 2 * 65_536;

/** Of a packet before its addresses are turned: a number below `flows`, even on the way to the proxy. */
export function flowOf(bytes: Buffer, at: number, passage: number): number {
  const tcpAt = at + ((bytes[at] as number) & 15) * 4;
  return isToClient(passage) ? 2 * bytes.readUInt16BE(tcpAt + 2) + 1 : 2 * bytes.readUInt16BE(tcpAt);
}

/** The last byte of an address. */
export function farByte(address: string): number {
  return wordOf(address) & 255;
}

/** Gives a packet the addresses that it comes out with. @param passage as `passageOf` says */
export function turnAddresses(bytes: Buffer, at: number, length: number, passage: number): void {
  const far = bytes.readUInt32BE(at + destinationAt);
  bytes.writeUInt32BE(far, at + sourceAt);
  bytes.writeUInt32BE(isToClient(passage) ? near : loopback, at + destinationAt);
  // The far one has changed its place alone, which no sum sees: `near` and `loopback` take each other's place.
  const [before, after] = isToClient(passage) ? [loopback, near] : [near, loopback];
  amend(bytes, at + checksumAt, before, after);
  const tcpAt = ((bytes[at] as number) & 15) * 4;
  // The checksum of TCP counts the addresses too; of a fragment that is not the first there is none.
  if (tcpAt + tcpChecksumAt + 2 <= length && (bytes.readUInt16BE(at + 6) & 0x1fff) === 0)
    amend(bytes, at + tcpAt + tcpChecksumAt, before, after);
}

/** A checksum after one 32-bit word has become another (RFC 1624, equation 3). */
function amend(bytes: Buffer, at: number, before: number, after: number): void {
  let sum = ~bytes.readUInt16BE(at) & 0xffff;
  sum += (~before >>> 16) + (~before & 0xffff) + (after >>> 16) + (after & 0xffff);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, at);
}

function wordOf(address: string): number {
  return address.split(".").reduce((word, part) => ((word << 8) | Number(part)) >>> 0, 0);
}
