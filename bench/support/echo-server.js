/** Sends back whatever comes, by an epoll loop; prints its port. */
import { closeDescriptor } from "../../build/linux/close-descriptor.js";
import { Epoll, epollEvents } from "../../build/linux/epoll.js";
import { PinnedBuffer } from "../../build/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "../../build/linux/socket-address.js";
import { receiveBytes, sendBytes } from "../../build/linux/socket-bytes.js";
import { setNoDelay } from "../../build/linux/socket-options.js";
import {
  acceptConnection,
  bindSocket,
  listenOn,
  localAddressOf,
  openTcpSocket,
} from "../../build/linux/tcp-socket.js";

const target = new PinnedBuffer(65_536);
const listener = openTcpSocket(addressFamilies.ipv4);
bindSocket(listener, sockaddrOf("127.0.0.1", 0));
listenOn(listener, 4096);
process.stdout.write(`${localAddressOf(listener).port}\n`);
const epoll = new Epoll();
epoll.add(listener, epollEvents.readable);
for (;;) {
  const ready = epoll.wait(-1);
  for (let i = 0; i < ready; i++) {
    const fd = epoll.tagAt(i);
    if (fd === listener) {
      for (let one = acceptConnection(fd); one >= 0; one = acceptConnection(fd)) {
        setNoDelay(one);
        epoll.add(one, epollEvents.readable);
      }
    } else {
      const received = receiveBytes(fd, target);
      if (received > 0) sendBytes(fd, target, 0, received);
      else closeDescriptor(fd);
    }
  }
}
