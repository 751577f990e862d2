/**
 * `struct sockaddr_in` (16 bytes) and `sockaddr_in6` (28 bytes), from and to text (ip(7), ipv6(7)).
 */
import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";

/** Address families, as `socket` takes them. */
export const addressFamilies = { ipv4: 2, ipv6: 10 } as const;
export type AddressFamily = (typeof addressFamilies)[keyof typeof addressFamilies];

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * @param host an IPv4 or IPv6 address as text, without brackets; names are to be looked up before, and zones
 *   (`fe80::1%eth0`) are not known here
 * @param port 0 lets the kernel choose
 */
export function sockaddrOf(host: string, port: number): Buffer {
  assert(Number.isInteger(port) && port >= 0 && port <= 65_535, `${port} is no port`);
  if (isIPv4(host)) {
    const sockaddr = Buffer.alloc(16);
    sockaddr.writeUInt16LE(addressFamilies.ipv4, 0);
    sockaddr.writeUInt16BE(port, 2);
    sockaddr.set(ipv4Bytes(host), 4);
    return sockaddr;
  }
  assert(isIPv6(host) && !host.includes("%"), `${host} is no address`);
  const sockaddr = Buffer.alloc(28);
  sockaddr.writeUInt16LE(addressFamilies.ipv6, 0);
  sockaddr.writeUInt16BE(port, 2);
  ipv6Groups(host).forEach((group, index) => {
    sockaddr.writeUInt16BE(group, 8 + 2 * index);
  });
  return sockaddr;
}

export function familyOf(sockaddr: Buffer): AddressFamily {
  const family = sockaddr.readUInt16LE(0);
  assert(family === addressFamilies.ipv4 || family === addressFamilies.ipv6, `address family ${family}`);
  return family;
}

/** @returns an IPv6 address as its eight groups, `0:0:0:0:0:0:0:1`, not shortened */
export function hostAndPortOf(sockaddr: Buffer): HostAndPort {
  const port = sockaddr.readUInt16BE(2);
  if (familyOf(sockaddr) === addressFamilies.ipv4) return { host: sockaddr.subarray(4, 8).join("."), port };
  const groups = Array.from({ length: 8 }, (_, index) => sockaddr.readUInt16BE(8 + 2 * index).toString(16));
  return { host: groups.join(":"), port };
}

function ipv4Bytes(host: string): number[] {
  return host.split(".").map(Number);
}

/** The eight groups of a valid address: one `::` stands for as many zeros as are missing (RFC 4291, 2.2). */
function ipv6Groups(host: string): number[] {
  const [head = "", tail] = host.split("::");
  const front = groupsOf(head);
  if (tail === undefined) return front;
  const back = groupsOf(tail);
  return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(part);
    return [(a << 8) | b, (c << 8) | d];
  });
}
