/**
 * Settings of a network interface that take a message to the kernel (rtnetlink(7)): of the other ways to them, the files
 * below /proc/sys are read-only in a container, and the ioctl of the queue is for the machine's root alone.
 */
import assert from "node:assert/strict";
import { closeDescriptor } from "./close-descriptor.js";
import { checked, SystemCallError } from "./errno.js";
import { libc } from "./libc.js";
import { PinnedBuffer } from "./pinned-buffer.js";

const AF_INET = 2;
const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const NETLINK_ROUTE = 0;
const NLMSG_ERROR = 2;
const RTM_SETLINK = 19;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const IFLA_IFNAME = 3;
const IFLA_TXQLEN = 13;
const IFLA_AF_SPEC = 26;
const IFLA_INET_CONF = 1;
const IPV4_DEVCONF_ROUTE_LOCALNET = 26;

/** Of struct nlmsghdr, and of struct ifinfomsg, whose interface is the one that IFLA_IFNAME says. */
const headerBytes = 16;
const linkBytes = 16;
/** An acknowledgement is a header, an errno, and what was asked. */
const answerBytes = 1024;

interface LinkSettings {
  /** Packets that wait for whoever takes them; beyond it the kernel drops them. */
  readonly queueLength: number;
}

/**
 * Also lets what comes in by the interface reach loopback addresses (`route_localnet`). In the caller's network namespace.
 * @throws SystemCallError: EPERM without CAP_NET_ADMIN in it, ENODEV for no such interface
 */
export function setUpLink(name: string, { queueLength }: LinkSettings): void {
  const inet = attribute(IFLA_INET_CONF, attribute(IPV4_DEVCONF_ROUTE_LOCALNET, word(1)));
  const attributes = [
    attribute(IFLA_IFNAME, Buffer.from(`${name}\0`, "latin1")),
    attribute(IFLA_TXQLEN, word(queueLength)),
    attribute(IFLA_AF_SPEC, attribute(AF_INET, inet)),
  ];
  const header = Buffer.alloc(headerBytes + linkBytes);
  const request = Buffer.concat([header, ...attributes]);
  request.writeUInt32LE(request.length, 0);
  request.writeUInt16LE(RTM_SETLINK, 4);
  request.writeUInt16LE(NLM_F_REQUEST | NLM_F_ACK, 6);
  const errno = exchange(request);
  if (errno !== 0) throw new SystemCallError("RTM_SETLINK", errno);
}

/** @returns the errno that the kernel answers with, 0 for a success */
function exchange(request: Buffer): number {
  const memory = new PinnedBuffer(answerBytes);
  const fd = checked("socket", libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  try {
    request.copy(memory.bytes);
    checked("write", libc().write(fd, memory.address, request.length));
    const length = checked("read", libc().read(fd, memory.address, answerBytes));
    assert(length >= headerBytes + 4 && memory.bytes.readUInt16LE(4) === NLMSG_ERROR, "no acknowledgement");
    return -memory.bytes.readInt32LE(headerBytes);
  } finally {
    closeDescriptor(fd);
  }
}

/** A struct rtattr, filled up to a multiple of four bytes. */
function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
