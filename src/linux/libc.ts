/**
 * The C library's functions that wsrally uses, bound on first use. Man pages (2) say what each does; every pointer of
 * the hot path is an address (see native-library.ts).
 */
import { loadNativeLibrary, type NativeLibrary } from "./native-library.js";

type Libc = ReturnType<typeof bind>;

/** The calls by their numbers where they differ by processor (asm/unistd.h). */
const SYS_gettid = process.arch === "arm64" ? 178 : 186;
/** One number on every processor, as for all calls since 2019. */
const SYS_io_uring_enter = 426;

let bound: Libc | null = null;

/** @throws Error where the layer is not available */
export function libc(): Libc {
  // Looked up in the program itself, which is linked with its C library, be it glibc or musl.
  bound ??= bind(loadNativeLibrary(null));
  return bound;
}

function bind(library: NativeLibrary) {
  return { ...bindSockets(library), ...bindDescriptors(library), ...bindProcess(library) };
}

// ssize_t results as int: no message here comes near 2 GiB, and a small integer needs no allocation in V8.
function bindSockets({ declare }: NativeLibrary) {
  type Named = (fd: number, sockaddr: Buffer, length: number) => number;
  type Asked = (fd: number, sockaddr: Buffer, length: Buffer) => number;
  type Moved = (fd: number, address: number, length: number, flags: number) => number;
  return {
    socket: declare<(domain: number, type: number, protocol: number) => number>("socket", "int", [
      "int",
      "int",
      "int",
    ]),
    socketpair: declare<(domain: number, type: number, protocol: number, pair: Buffer) => number>(
      "socketpair",
      "int",
      ["int", "int", "int", "pointer"],
    ),
    connect: declare<Named>("connect", "int", ["int", "pointer", "uint32"]),
    bind: declare<Named>("bind", "int", ["int", "pointer", "uint32"]),
    getsockname: declare<Asked>("getsockname", "int", ["int", "pointer", "pointer"]),
    listen: declare<(fd: number, backlog: number) => number>("listen", "int", ["int", "int"]),
    accept4: declare<(fd: number, sockaddr: null, length: null, flags: number) => number>("accept4", "int", [
      "int",
      "pointer",
      "pointer",
      "int",
    ]),
    shutdown: declare<(fd: number, how: number) => number>("shutdown", "int", ["int", "int"]),
    send: declare<Moved>("send", "int", ["int", "address", "size", "int"]),
    recv: declare<Moved>("recv", "int", ["int", "address", "size", "int"]),
    recvmsg: declare<(fd: number, header: number, flags: number) => number>("recvmsg", "int", [
      "int",
      "address",
      "int",
    ]),
    setsockopt: declare<(fd: number, level: number, name: number, value: Buffer, length: number) => number>(
      "setsockopt",
      "int",
      ["int", "int", "int", "pointer", "uint32"],
    ),
    getsockopt: declare<(fd: number, level: number, name: number, value: Buffer, length: Buffer) => number>(
      "getsockopt",
      "int",
      ["int", "int", "int", "pointer", "pointer"],
    ),
  };
}

function bindDescriptors({ declare }: NativeLibrary) {
  type Moved = (fd: number, address: number, length: number) => number;
  return {
    close: declare<(fd: number) => number>("close", "int", ["int"]),
    /** Variadic in C, which for one pointer is no other call on the processors known here. */
    ioctl: declare<(fd: number, request: number, argument: Buffer) => number>("ioctl", "int", [
      "int",
      "size",
      "pointer",
    ]),
    read: declare<Moved>("read", "int", ["int", "address", "size"]),
    write: declare<Moved>("write", "int", ["int", "address", "size"]),
    /** The address, or -1. */
    mmap: declare<
      (wanted: number, length: number, access: number, flags: number, fd: number, offset: number) => number
    >("mmap", "long", ["address", "size", "int", "int", "int", "long"]),
    munmap: declare<(address: number, length: number) => number>("munmap", "int", ["address", "size"]),
    pipe2: declare<(ends: Buffer, flags: number) => number>("pipe2", "int", ["pointer", "int"]),
    eventfd: declare<(initial: number, flags: number) => number>("eventfd", "int", ["uint32", "int"]),
    epollCreate1: declare<(flags: number) => number>("epoll_create1", "int", ["int"]),
    epollCtl: declare<(epoll: number, operation: number, fd: number, event: number) => number>(
      "epoll_ctl",
      "int",
      ["int", "int", "int", "address"],
    ),
    epollWait: declare<(epoll: number, events: number, count: number, timeoutMs: number) => number>(
      "epoll_wait",
      "int",
      ["int", "address", "int", "int"],
    ),
  };
}

function bindProcess({ declare }: NativeLibrary) {
  type Mask = (tid: number, length: number, mask: Buffer) => number;
  const syscall = declare<(number: number, a: number, b: number, c: number, d: number, e: number) => number>(
    "syscall",
    "int",
    ["long", "long", "long", "long", "long", "long"],
  );
  return {
    clockGettime: declare<(clock: number, timespec: number) => number>("clock_gettime", "int", [
      "int",
      "address",
    ]),
    schedSetaffinity: declare<Mask>("sched_setaffinity", "int", ["int", "size", "pointer"]),
    schedGetaffinity: declare<Mask>("sched_getaffinity", "int", ["int", "size", "pointer"]),
    schedSetscheduler: declare<(tid: number, policy: number, parameters: Buffer) => number>(
      "sched_setscheduler",
      "int",
      ["int", "int", "pointer"],
    ),
    prlimit: declare<(pid: number, resource: number, wanted: Buffer | null, old: Buffer | null) => number>(
      "prlimit",
      "int",
      ["int", "int", "pointer", "pointer"],
    ),
    unshare: declare<(flags: number) => number>("unshare", "int", ["int"]),
    setns: declare<(fd: number, kind: number) => number>("setns", "int", ["int", "int"]),
    // By its number, for glibc has no function for it before 2.30.
    gettid: () => syscall(SYS_gettid, 0, 0, 0, 0, 0),
    /** A call by number, for want of a function in older C libraries. koffi's fast way ends at six arguments. */
    syscall,
    ioUringEnter: bindIoUringEnter(declare),
  };
}

function bindIoUringEnter(declare: NativeLibrary["declare"]) {
  const syscall = declare<
    (number: number, a: number, b: number, c: number, d: number, e: number, f: number) => number
  >("syscall", "int", ["long", "int", "uint32", "uint32", "uint32", "address", "size"]);
  return (fd: number, toSubmit: number, toAwait: number, flags: number, argument: number, length: number) =>
    syscall(SYS_io_uring_enter, fd, toSubmit, toAwait, flags, argument, length);
}
