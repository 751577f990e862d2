/**
 * A server in a thread of its own that does not read from its connections at first, and echoes all it finds once it
 * does: by then the senders' buffers are full.
 */
import type { AddressInfo } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { WebSocketServer } from "ws";

export interface LateReader {
  readonly port: number;
  close(): Promise<void>;
}

export async function startLateReader(pauseMs: number): Promise<LateReader> {
  const worker = new Worker(new URL(import.meta.url), { workerData: pauseMs });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return { port, close: async () => void (await worker.terminate()) };
}

function serve(pauseMs: number): void {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", (socket) => {
    socket.once("message", () => {
      socket.pause();
      setTimeout(() => socket.resume(), pauseMs);
    });
    socket.on("message", (data, binary) => socket.send(data as Buffer, { binary }));
  });
  server.once("listening", () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

if (!isMainThread) serve(workerData as number);
