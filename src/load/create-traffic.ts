/** Who sends what, and when, of a job: chosen once, so that no load pays for what it has not. */
import { createSource } from "./create-source.js";
import type { MessageSource } from "./message-source.js";
import type { ThreadJob } from "./messages.js";
import type { OpenConnections } from "./open-connections.js";
import { ReplayedSender } from "./replay/replayed-sender.js";
import { ReplayedSource } from "./replay/replayed-source.js";
import { createReplayedTurns } from "./replay/replayed-turns.js";
import { PlainSender, type Sender, type SenderSettings } from "./sender.js";
import { createOpenConnections, createTurns, type TurnOrder } from "./shape/choose-turns.js";
import type { Turns } from "./shape/turns.js";
import type { Fills } from "./talk/fills.js";

interface JobTraffic {
  readonly source: MessageSource;
  /** None of them is open yet. */
  readonly open: OpenConnections;
  /** Of an open loop. */
  turns(order: TurnOrder): Turns;
  sender(settings: Omit<SenderSettings, "source">): Sender;
}

/** @param fills null without a talk */
export function createTraffic(job: ThreadJob, fills: Fills | null): JobTraffic {
  const open = createOpenConnections(job);
  const { replay } = job.shape;
  if (replay === null) {
    const source = createSource(job, fills);
    return {
      source,
      open,
      turns: (order) => createTurns(order, job, open),
      sender: (settings) => new PlainSender({ ...settings, source }),
    };
  }
  const { firstConnection, connections, seed } = job;
  const source = new ReplayedSource(replay, firstConnection, connections, seed);
  return {
    source,
    open,
    turns: () => createReplayedTurns(connections, (one, sequence) => source.dueMs(one, sequence)),
    sender: (settings) => new ReplayedSender({ ...settings, source }, source),
  };
}
