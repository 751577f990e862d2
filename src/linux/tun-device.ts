/**
 * An interface whose other end is a descriptor (the kernel's Documentation/networking/tuntap.rst): a read takes an IP packet
 * that the kernel sends through it, and a write is one that comes in by it.
 */
import { closeSync, constants, openSync } from "node:fs";
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { interfaceRequest } from "./network-interface.js";

export const tunFile = "/dev/net/tun";

const TUNSETIFF = 0x4004_54ca;
const IFF_TUN = 0x0001;
/** Packets alone, without four bytes that say of which protocol. */
const IFF_NO_PI = 0x1000;

/**
 * Makes the interface, in the caller's network namespace; it goes with the descriptor.
 * @returns a non-blocking descriptor
 * @throws the system's error: ENOENT or ENODEV where the kernel has none, EACCES or EPERM without the right to it
 */
export function openTunDevice(name: string): number {
  const fd = openSync(tunFile, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const flags = Buffer.alloc(2);
    flags.writeUInt16LE(IFF_TUN | IFF_NO_PI);
    checked("ioctl", libc().ioctl(fd, TUNSETIFF, interfaceRequest(name, flags)));
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
  return fd;
}
