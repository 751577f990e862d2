/**
 * A thread that relays to a port and spoils what comes back: changes the last byte of every text, or keeps from one
 * connection what nobody asked for. Beside the engines of our own, which keep their thread to themselves. It posts the port
 * that it listens on.
 */
import { type AddressInfo, connect, createServer } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

interface RelayOrder {
  readonly port: number;
  /** Left out: every byte stays as it is. */
  readonly lastByte?: number;
  /** What becomes of the first connection with its third push, or message to a room: neither comes, nor any behind it. */
  readonly third?: "drop" | "cut";
}

const unasked = /^wsrally-(?:push|cast):/;
const spared = 2;

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
function* textsIn(data: Buffer): Iterable<{ readonly at: number; readonly payload: Buffer }> {
  for (let at = 0; at + 4 <= data.length; ) {
    const short = data.readUInt8(at + 1);
    const from = short < 126 ? at + 2 : at + 4;
    const end = from + (short < 126 ? short : data.readUInt16BE(at + 2));
    if (data[at] === 0x81 && end <= data.length) yield { at, payload: data.subarray(from, end) };
    at = end;
  }
}

function mangle(data: Buffer, lastByte: number): void {
  for (const { payload } of textsIn(data)) payload[payload.length - 1] = lastByte;
}

/** What is passed on of what comes back on one connection; null ends it. */
function starving(third: "drop" | "cut"): (data: Buffer) => Buffer | null {
  let left = spared;
  return (data) => {
    for (const { at, payload } of textsIn(data)) {
      if (unasked.test(payload.toString("latin1", 0, 13)) && --left < 0)
        return third === "cut" ? null : data.subarray(0, at);
    }
    return data;
  };
}

function relay({ port, lastByte, third }: RelayOrder): void {
  let isFirst = true;
  const server = createServer((client) => {
    const starve = isFirst && third !== undefined ? starving(third) : null;
    isFirst = false;
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
      if (lastByte !== undefined) mangle(data, lastByte);
      const passed = starve === null ? data : starve(data);
      if (passed === null) client.destroy();
      else client.write(passed);
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

if (!isMainThread) relay(workerData as RelayOrder);
