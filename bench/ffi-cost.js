/**
 * What a call through src/linux costs in processor time: `npm run build && node bench/ffi-cost.js`. Nanoseconds a
 * call of this thread's CPU, the least of five rounds; a pair of loopback sockets for the calls that need one.
 */
import { closeDescriptor } from "../build/linux/close-descriptor.js";
import { Epoll, epollEvents } from "../build/linux/epoll.js";
import { lastErrno } from "../build/linux/errno.js";
import { libc } from "../build/linux/libc.js";
import { koffi } from "../build/linux/linux-layer.js";
import { loadNativeLibrary } from "../build/linux/native-library.js";
import { PinnedBuffer } from "../build/linux/pinned-buffer.js";
import { RealtimeOffset } from "../build/linux/realtime-offset.js";
import { addressFamilies, sockaddrOf } from "../build/linux/socket-address.js";
import { receiveBytes, sendBytes } from "../build/linux/socket-bytes.js";
import { setNoDelay, setReceiveStamps } from "../build/linux/socket-options.js";
import { StampedReceiver } from "../build/linux/stamped-receiver.js";
import { monotonicNs, realtimeNs, threadCpuTimeNs } from "../build/linux/system-clock.js";
import {
  acceptConnection,
  bindSocket,
  connectSocket,
  listenOn,
  localAddressOf,
  openTcpSocket,
} from "../build/linux/tcp-socket.js";

const rounds = 5;

function measure(name, count, call) {
  for (let i = 0; i < count / 5; i++) call();
  let leastNs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = threadCpuTimeNs();
    for (let i = 0; i < count; i++) call();
    leastNs = Math.min(leastNs, (threadCpuTimeNs() - before) / count);
  }
  process.stdout.write(`${name.padEnd(48)}${leastNs.toFixed(0).padStart(8)} ns\n`);
}

/** Two connected sockets, the second with receive stamps. */
function loopbackPair() {
  const listener = openTcpSocket(addressFamilies.ipv4);
  bindSocket(listener, sockaddrOf("127.0.0.1", 0));
  listenOn(listener, 1);
  const client = openTcpSocket(addressFamilies.ipv4);
  connectSocket(client, sockaddrOf("127.0.0.1", localAddressOf(listener).port));
  const server = acceptConnection(listener);
  closeDescriptor(listener);
  setNoDelay(client);
  return [client, server];
}

const self = loadNativeLibrary(null);
const pinned = new PinnedBuffer(64);
const address = koffi().address(pinned.bytes);

process.stdout.write(`Node ${process.version}, koffi ${koffi().version}\n\n`);

const many = 1_000_000;
const abs = self.declare("abs", "int", ["int"]);
measure("abs(): koffi and nothing else", many, () => abs(5));
const getppid = self.declare("getppid", "int", []);
measure("getppid(): koffi and the least system call", many, () => getppid());
const gettimeByPointer = self.declare("clock_gettime", "int", ["int", "pointer"]);
measure("clock_gettime(), pointer as a Buffer", many, () => gettimeByPointer(1, pinned.bytes));
measure("clock_gettime(), pointer as a BigInt", many, () => gettimeByPointer(1, address));
measure("clock_gettime(), pointer as a number", many, () => libc().clockGettime(1, pinned.address));
measure("lastErrno()", many, () => lastErrno());
process.stdout.write("\n");

const offset = new RealtimeOffset();
measure("performance.now()", many, () => performance.now());
measure("process.hrtime()", many, () => process.hrtime());
measure("Number(process.hrtime.bigint())", many, () => Number(process.hrtime.bigint()));
measure("monotonicNs()", many, () => monotonicNs());
measure("realtimeNs()", many, () => realtimeNs());
measure("threadCpuTimeNs()", many, () => threadCpuTimeNs());
measure("RealtimeOffset.measure()", 10_000, () => offset.measure());
process.stdout.write("\n");

const some = 100_000;
const [client, server] = loopbackPair();
const target = new PinnedBuffer(65_536);
const receiver = new StampedReceiver();
measure("receiveBytes(), nothing there", some, () => receiveBytes(server, target));
measure("sendBytes() and receiveBytes(), 10 bytes", some, () => {
  sendBytes(client, pinned, 0, 10);
  receiveBytes(server, target);
});
const sendByPointer = self.declare("send", "long", ["int", "pointer", "size", "int"]);
const receiveByPointer = self.declare("recv", "long", ["int", "pointer", "size", "int"]);
measure("the same with Buffers", some, () => {
  sendByPointer(client, pinned.bytes, 10, 0x4000);
  receiveByPointer(server, target.bytes, 65_536, 0);
});
measure("sendBytes() and StampedReceiver.receive()", some, () => {
  sendBytes(client, pinned, 0, 10);
  receiver.receive(server);
});
setReceiveStamps(server);
measure("the same with stamps, read as stampNs", some, () => {
  sendBytes(client, pinned, 0, 10);
  receiver.receive(server);
  return receiver.stampNs;
});
process.stdout.write("\n");

const epoll = new Epoll();
epoll.add(server, epollEvents.readable);
measure("Epoll.wait(0), nothing there", some, () => epoll.wait(0));
sendBytes(client, pinned, 0, 10);
measure("Epoll.wait(0), one event", some, () => epoll.wait(0) + epoll.tagAt(0));
