/**
 * What the machine checks rest on, read and tried out here and now.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { messageOf } from "../../base/errors.js";
import { isIoUringUsable } from "../../linux/is-io-uring-usable.js";
import { isLinuxLayerAvailable } from "../../linux/linux-layer.js";
import { isOpenSslAvailable } from "../../linux/openssl.js";
import { mayUseRealTime } from "../../linux/scheduling.js";
import { readMachineLimits } from "../../trial/check-limits.js";
import { usableCpus } from "../../trial/placement.js";
import type { MachineFacts } from "./machine-checks.js";

const costFiles = [
  "/proc/stat",
  "/proc/self/stat",
  "/proc/thread-self/schedstat",
  "/proc/self/status",
  "/proc/self/smaps_rollup",
];

export async function readMachine(): Promise<MachineFacts> {
  return {
    node: process.versions.node,
    layer: isLinuxLayerAvailable(),
    ioUring: isIoUringUsable(),
    openSsl: isOpenSslAvailable(),
    loopbackTrouble: await tryLoopback(),
    cpus: usableCpus(),
    limits: readMachineLimits(),
    mayUseRealTime: mayUseRealTime(),
    hiddenFiles: costFiles.filter((file) => !isReadable(file)),
  };
}

/** @returns what stands in the way of a connection; null for nothing */
async function tryLoopback(): Promise<string | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") return "no address";
    const client = connect(address.port, "127.0.0.1");
    await once(client, "connect");
    client.destroy();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  } finally {
    server.close();
  }
}

function isReadable(file: string): boolean {
  try {
    return readFileSync(file, "latin1") !== "";
  } catch {
    return false;
  }
}
