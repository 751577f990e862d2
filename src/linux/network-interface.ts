/**
 * Setting up network interfaces (netdevice(7)): struct ifreq is a name of 16 bytes, and what is set behind it.
 */
import { closeDescriptor } from "./close-descriptor.js";
import { checked } from "./errno.js";
import { libc } from "./libc.js";
import { sockaddrOf } from "./socket-address.js";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const IFF_UP = 1;

const requestBytes = 40;
const nameBytes = 16;

interface InterfaceSettings {
  /** IPv4; its network is reached through the interface. */
  readonly address: string;
  readonly netmask: string;
}

/**
 * @param settings null for an interface that has all but being up: `lo`
 * @throws SystemCallError: EPERM without CAP_NET_ADMIN in the namespace
 */
export function bringInterfaceUp(name: string, settings: InterfaceSettings | null): void {
  const fd = checked("socket", libc().socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  try {
    if (settings !== null) {
      const { address, netmask } = settings;
      ask(fd, SIOCSIFADDR, interfaceRequest(name, sockaddrOf(address, 0)));
      ask(fd, SIOCSIFNETMASK, interfaceRequest(name, sockaddrOf(netmask, 0)));
    }
    const flags = interfaceRequest(name, Buffer.alloc(2));
    ask(fd, SIOCGIFFLAGS, flags);
    flags.writeUInt16LE(flags.readUInt16LE(nameBytes) | IFF_UP, nameBytes);
    ask(fd, SIOCSIFFLAGS, flags);
  } finally {
    closeDescriptor(fd);
  }
}

/** A struct ifreq. */
export function interfaceRequest(name: string, value: Buffer): Buffer {
  const request = Buffer.alloc(requestBytes);
  request.write(name, 0, nameBytes - 1, "latin1");
  value.copy(request, nameBytes);
  return request;
}

function ask(fd: number, request: number, argument: Buffer): void {
  checked("ioctl", libc().ioctl(fd, request, argument));
}
