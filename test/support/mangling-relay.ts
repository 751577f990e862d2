/**
 * A thread that relays to a port and changes the last byte of every text that comes back: beside the engines of our own,
 * which keep their thread to themselves. It posts the port that it listens on.
 */
import { type AddressInfo, connect, createServer } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

interface RelayOrder {
  readonly port: number;
  readonly lastByte: number;
}

/** @returns the relay's port, and its end */
export async function startManglingRelay(
  order: RelayOrder,
): Promise<{ readonly port: number; close(): Promise<unknown> }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { port, close: () => worker.terminate() };
}

/** Several frames may arrive at once; none of the tests' is longer than a length of 16 bits tells. */
function mangle(data: Buffer, lastByte: number): void {
  for (let at = 0; at + 4 <= data.length; ) {
    const short = data.readUInt8(at + 1);
    const end = short < 126 ? at + 2 + short : at + 4 + data.readUInt16BE(at + 2);
    if (data[at] === 0x81 && end <= data.length) data[end - 1] = lastByte;
    at = end;
  }
}

function relay({ port, lastByte }: RelayOrder): void {
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (data) => {
      mangle(data, lastByte);
      client.write(data);
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

if (!isMainThread) relay(workerData as RelayOrder);
