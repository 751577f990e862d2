/**
 * The server's part of a recorded session on one connection: what it sends behind each message of the client.
 */

import { readReplayOpening } from "../base/replay-opening.js";
import { fill } from "../base/sized-message.js";
import type { Down, RecordedTraffic, Session } from "../scenario/replay/session.js";

export class ReplayedSession {
  readonly #session: Session;
  readonly #savedPercent: number;
  #turn: number;
  #downs = 0;

  constructor(session: Session, turn: number, savedPercent: number) {
    this.#session = session;
    this.#turn = turn;
    this.#savedPercent = savedPercent;
  }

  /** A message of the client has come. @returns what is to be sent behind it, in order */
  next(): readonly Down[] {
    const { turns } = this.#session;
    return turns[this.#turn++ % turns.length]?.downs ?? [];
  }

  /** The bytes of what is sent next. */
  payload({ bytes, isBinary }: Down): Buffer {
    const payload = Buffer.allocUnsafe(bytes);
    fill(payload, 0, bytes, this.#downs++, isBinary, this.#savedPercent);
    return payload;
  }
}

/** @returns null where the bytes [start, end) open none of the sessions */
export function openReplay(
  { sessions, savedPercent }: RecordedTraffic,
  data: Buffer,
  start: number,
  end: number,
): ReplayedSession | null {
  const opening = readReplayOpening(data, start, end);
  const session = opening === null ? undefined : sessions[opening.session];
  return opening === null || session === undefined
    ? null
    : new ReplayedSession(session, opening.turn, savedPercent.down);
}
