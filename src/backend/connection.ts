/**
 * What the epoll server knows of one connection: some 200 bytes while it is idle.
 */

import type { Backlog } from "../base/backlog.js";
import type { UpgradeRequestReader } from "../websocket/upgrade-request-reader.js";
import { unsentBytesMax } from "./pong-server.js";
import type { ReplayedSession } from "./replayed-session.js";

type Phase =
  /** Its request has not come, or not wholly. */
  | "upgrading"
  | "open"
  /** All has been said: it is over as soon as that has gone out. */
  | "ending"
  /** Our side has ended; what still comes is dropped until the peer's ends too. */
  | "lingering"
  /** To be broken off at once, by RST. */
  | "resetting"
  | "closed";

export class Connection {
  /** Also its number for the decoder: no two have one at the same time. */
  readonly fd: number;
  phase: Phase = "upgrading";
  /** The mask that it is watched for. */
  watched: number;
  /** What the upgrade's request was so far; null before and after. */
  request: UpgradeRequestReader | null = null;
  isUpgraded = false;
  /** It came without the token that is asked for. */
  isOthers = false;
  /** What the socket did not take yet; null for nothing. */
  backlog: Backlog | null = null;
  answered = 0;
  /** The members of its room, itself among them; null for none. */
  room: Set<Connection> | null = null;
  /** Messages that were sent unasked. */
  pushed = 0;
  /** Its part of a recorded session; null where messages are answered as usual. */
  replayed: ReplayedSession | null = null;
  /** How it ended has been counted. */
  isEndCounted = false;
  isStalled = false;
  /** The peer's stream has ended. */
  hasPeerEnded = false;
  /** A send or a read has failed. */
  isBroken = false;
  /** Answers that are delayed: how many, their bytes, and when the last one is due. */
  heldCount = 0;
  heldBytes = 0;
  heldUntilNs = 0;
  #isPaused = false;

  constructor(fd: number, watched: number) {
    this.fd = fd;
    this.watched = watched;
  }

  /** Whether to send unasked on it: who does not read is sent no more. */
  takesMore(): boolean {
    return this.heldBytes + (this.backlog?.length ?? 0) <= unsentBytesMax;
  }

  /** Whether to read from it. Once paused, half of what is unsent must go first. */
  wantsInput(): boolean {
    if (this.hasPeerEnded) return false;
    if (this.phase !== "open") return true;
    const unsent = this.heldBytes + (this.backlog?.length ?? 0);
    this.#isPaused = unsent > (this.#isPaused ? unsentBytesMax / 2 : unsentBytesMax);
    return !this.#isPaused;
  }
}
