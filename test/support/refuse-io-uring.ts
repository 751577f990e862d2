/**
 * Runs the program behind it without io_uring: its system calls end with EPERM, as in a container whose seccomp profile leaves
 * them out, or where kernel.io_uring_disabled is set, which no namespace has for itself.
 *
 *     node refuse-io-uring.js PROGRAM [ARGUMENT…]
 */
import { accessSync, constants } from "node:fs";
import koffi from "koffi";

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error("want a program to run");
accessSync(program, constants.X_OK);

/** Numbers of io_uring_setup(2), io_uring_enter(2) and io_uring_register(2), the same on every architecture. */
const [first, last] = [425, 427];
/** seccomp(2): a filter's answers. */
const [refuse, allow] = [0x0005_0001, 0x7fff_0000];

/** Of classic BPF, as `struct sock_filter`: the code, how far to jump if so and if not, and the operand. */
const filter = Buffer.concat(
  [
    [0x20, 0, 0, 0],
    [0x35, 0, 2, first],
    [0x25, 1, 0, last],
    [0x06, 0, 0, refuse],
    [0x06, 0, 0, allow],
  ].map(([code = 0, ifSo = 0, ifNot = 0, operand = 0]) => {
    const instruction = Buffer.alloc(8);
    instruction.writeUInt16LE(code, 0);
    instruction.writeUInt8(ifSo, 2);
    instruction.writeUInt8(ifNot, 3);
    instruction.writeUInt32LE(operand, 4);
    return instruction;
  }),
);
const filterProgram = Buffer.alloc(16);
filterProgram.writeUInt16LE(filter.length / 8, 0);
filterProgram.writeBigUInt64LE(koffi.address(filter), 8);

const libc = koffi.load("libc.so.6");
const prctl = libc.func("int prctl(int option, unsigned long a, void *b, unsigned long c, unsigned long d)");
const execv = libc.func("int execv(const char *path, const char **argv)");
/** prctl(2): PR_SET_NO_NEW_PRIVS, then PR_SET_SECCOMP with SECCOMP_MODE_FILTER. */
if (prctl(38, 1, null, 0, 0) !== 0 || prctl(22, 2, filterProgram, 0, 0) !== 0)
  throw new Error("this kernel takes no filter");
const fcntl = libc.func("int fcntl(int fd, int command, int flags)");
// Node has its streams closed when it gives way to another program: FD_CLOEXEC, by F_SETFD.
for (const fd of [0, 1, 2]) fcntl(fd, 2, 0);
execv(program, [program, ...args, null]);
throw new Error(`cannot run ${program}`);
