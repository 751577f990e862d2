/**
 * A packet as TCP has it (RFC 9293, 3.1) over IPv4 (RFC 791) or IPv6 (RFC 8200).
 */

/** Filled anew by each `readSegment`, so that a packet allocates nothing. */
export interface Segment {
  from: number;
  to: number;
  /** The address and port that connected: a number for IPv4, text for IPv6. */
  peer: number | string;
  sequence: number;
  isSyn: boolean;
  /** Where its data lies; beyond what was captured where that is less than the packet. */
  start: number;
  end: number;
}

const SYN = 2;
const ipv6HeaderBytes = 40;
const leastTcpBytes = 20;

/**
 * @param at where the network header begins in `buffer`
 * @param length of the packet, of which `captured` bytes are there
 * @param servers ports that are connected to
 * @returns false for what is too short, or goes to and from none of these ports
 */
export function readSegment(
  buffer: Buffer,
  at: number,
  captured: number,
  length: number,
  servers: { has(port: number): boolean },
  segment: Segment,
): boolean {
  if (captured < ipv6HeaderBytes) return false;
  const isIpv4 = (buffer[at] as number) >> 4 === 4;
  const tcp = at + (isIpv4 ? ((buffer[at] as number) & 15) * 4 : ipv6HeaderBytes);
  if (tcp + leastTcpBytes > at + captured) return false;
  segment.from = buffer.readUInt16BE(tcp);
  segment.to = buffer.readUInt16BE(tcp + 2);
  const isRequest = servers.has(segment.to);
  if (!isRequest && !servers.has(segment.from)) return false;
  segment.peer = isIpv4
    ? buffer.readUInt32BE(at + (isRequest ? 12 : 16)) * 65_536 + (isRequest ? segment.from : segment.to)
    : peerOfIpv6(buffer, at + (isRequest ? 8 : 24), isRequest ? segment.from : segment.to);
  segment.sequence = buffer.readUInt32BE(tcp + 4);
  segment.isSyn = ((buffer[tcp + 13] as number) & SYN) !== 0;
  segment.start = tcp + ((buffer[tcp + 12] as number) >> 4) * 4;
  // A frame on the wire may be padded, and one from a large send of the kernel's own has no length in its header.
  const written = isIpv4 ? buffer.readUInt16BE(at + 2) : buffer.readUInt16BE(at + 4) + ipv6HeaderBytes;
  const isLarge = isIpv4 ? written === 0 : written === ipv6HeaderBytes;
  segment.end = at + (isLarge ? length : written);
  return segment.isSyn || segment.end > segment.start;
}

function peerOfIpv6(buffer: Buffer, at: number, port: number): string {
  return `${buffer.toString("latin1", at, at + 16)}:${port}`;
}
