/**
 * Clients beside the load's whose links are cut without a word: no end of a connection reaches the proxy, which keeps them
 * for as long as it waits for somebody who says nothing.
 */
import { monotonicClock } from "../../base/clock.js";
import { lineAddresses } from "../../line/line-addresses.js";
import type { LaidLine } from "../../line/line-process.js";
import type { Target } from "../../load/messages.js";
import { grownEach, openBeside } from "./beside-clients.js";
import { heldFrom } from "./held-connections.js";

export interface DeadPeersBill {
  /** Who were open when their links were cut. */
  readonly count: number;
  /** Whose connections the proxy still held at the end. */
  readonly kept: number;
  /** When the first and the last of them was gone from the proxy, from the event; null while none, or not all, were. */
  readonly firstGoneMs: number | null;
  readonly allGoneMs: number | null;
  /** By how much the proxy's memory grew when they came, over their number; null where it is not seen to. */
  readonly rssBytesEach: number | null;
}

export interface DeadPeers {
  die(): Promise<void>;
  /** Whose connections the proxy holds. */
  kept(): number;
  bill(): DeadPeersBill;
  stop(): void;
}

const maxPayload = 65_536;
const word = Buffer.from("alive");
const talkEveryMs = 200;
const lookEveryMs = 200;
/** For the proxy to have done what a new client makes it do. */
const settleMs = 300;

interface PeersToBe {
  readonly target: Target;
  readonly count: number;
  readonly line: LaidLine;
  /** Of the proxy; null where it is not seen. */
  readonly residentBytes: () => number | null;
}

/** Resolves when all are open. */
export async function openDeadPeers({ target, count, line, residentBytes }: PeersToBe): Promise<DeadPeers> {
  const before = residentBytes();
  const clients = await openBeside({ ...target, address: lineAddresses.mortals }, count, maxPayload);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const grown = residentBytes();
  const opened = count - clients.lost();
  // They talk until they die: none is to be taken for one who left long ago.
  const talk = setInterval(() => {
    for (const client of clients.connections) client.send(word, true);
  }, talkEveryMs);
  const held = (): number => heldFrom(lineAddresses.mortals, lineAddresses.near);
  let open = held();
  let kept = open;
  let diedNs: number | null = null;
  let firstGoneNs: number | null = null;
  let allGoneNs: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  const look = (): void => {
    kept = held();
    const now = monotonicClock.now();
    if (kept < open) firstGoneNs ??= now;
    if (kept === 0) allGoneNs ??= now;
  };
  return {
    async die() {
      clearInterval(talk);
      await line.cut();
      if (diedNs !== null) return;
      open = kept = held();
      diedNs = monotonicClock.now();
      timer = setInterval(look, lookEveryMs);
    },
    kept: () => kept,
    bill() {
      const ms = (ns: number | null): number | null =>
        ns === null || diedNs === null ? null : (ns - diedNs) / 1e6;
      return {
        count: open,
        kept,
        firstGoneMs: ms(firstGoneNs),
        allGoneMs: ms(allGoneNs),
        rssBytesEach: grownEach(before, grown, opened),
      };
    },
    stop() {
      clearInterval(talk);
      if (timer !== null) clearInterval(timer);
      clients.stop();
    },
  };
}
