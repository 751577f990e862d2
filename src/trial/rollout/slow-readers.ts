/**
 * Clients beside the load's that stop reading, while they ask for more: what they are sent stays in the proxy, as far as it
 * takes it, and in the kernel.
 */
import { createDeferred } from "../../base/deferred.js";
import type { Target } from "../../load/messages.js";
import { rowOf } from "../../load/rows.js";
import { WsConnection } from "../../load/ws-connection.js";

export interface SlowReaders {
  readonly count: number;
  /** From now on nobody reads, and all ask for more. */
  stall(): void;
  /** Whose connections have ended since. */
  cut(): number;
  /** What they have sent. */
  messagesSent(): number;
  stop(): void;
}

/** An arm has room for so many more than its load's. */
const most = 100;
const message = Buffer.alloc(65_536, "slow reader ");
/** More than the kernel takes of a connection on its way. */
const messagesEach = 64;
const everyMs = 10;
const handshakeTimeoutMs = 10_000;

export function slowReaderCount(share: number, clients: number): number {
  return Math.max(1, Math.min(most, Math.round(share * clients)));
}

/** Resolves when all are open, or cannot be opened, which counts as cut. */
export async function openSlowReaders(target: Target, count: number): Promise<SlowReaders> {
  const common = {
    target,
    handshakeTimeoutMs,
    readsRefusals: false,
    sizes: { maxPayload: 2 * message.length },
    sessions: { first: null },
  };
  let cut = 0;
  let sent = 0;
  let timer: NodeJS.Timeout | null = null;
  const settled: Promise<void>[] = [];
  const readers = Array.from({ length: count }, (_, index) => {
    const { promise, resolve } = createDeferred();
    settled.push(promise);
    const lost = (): void => {
      cut++;
      resolve();
    };
    const port = target.ports[index % target.ports.length] as number;
    return new WsConnection(
      common,
      { port, row: rowOf(target.rows, index) },
      {
        opened: () => resolve(),
        failed: lost,
        closed: lost,
        message: () => undefined,
        pong: () => undefined,
        took: () => undefined,
      },
    );
  });
  await Promise.all(settled);
  return {
    count,
    stall() {
      for (const { socket } of readers) socket.pause();
      const left = readers.map(() => messagesEach);
      timer ??= setInterval(() => {
        for (const [index, reader] of readers.entries()) {
          const isReady = (left[index] as number) > 0 && reader.socket.bufferedAmount === 0;
          if (!isReady || !reader.send(message, true)) continue;
          left[index] = (left[index] as number) - 1;
          sent++;
        }
      }, everyMs);
    },
    cut: () => cut,
    messagesSent: () => sent,
    stop() {
      if (timer !== null) clearInterval(timer);
      for (const reader of readers) reader.drop();
    },
  };
}
