/**
 * Clients beside the load's that stop reading, while they ask for more: what they are sent stays in the proxy, as far as it
 * takes it, and in the kernel.
 */
import type { Target } from "../../load/messages.js";
import { openBeside } from "./beside-clients.js";

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

const message = Buffer.alloc(65_536, "slow reader ");
/** More than the kernel takes of a connection on its way. */
const messagesEach = 64;
const everyMs = 10;

/** Resolves when all are open, or cannot be opened, which counts as cut. */
export async function openSlowReaders(target: Target, count: number): Promise<SlowReaders> {
  const { connections, lost, stop } = await openBeside(target, count, 2 * message.length);
  let sent = 0;
  let timer: NodeJS.Timeout | null = null;
  return {
    count,
    stall() {
      for (const { socket } of connections) socket.pause();
      const left = connections.map(() => messagesEach);
      timer ??= setInterval(() => {
        for (const [index, reader] of connections.entries()) {
          const isReady = (left[index] as number) > 0 && reader.socket.bufferedAmount === 0;
          if (!isReady || !reader.send(message, true)) continue;
          left[index] = (left[index] as number) - 1;
          sent++;
        }
      }, everyMs);
    },
    cut: lost,
    messagesSent: () => sent,
    stop() {
      if (timer !== null) clearInterval(timer);
      stop();
    },
  };
}
