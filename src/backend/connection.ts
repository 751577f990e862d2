/**
 * What the epoll server knows of one connection: some 200 bytes while it is idle. That is a socket's, with a request and
 * perhaps a WebSocket on it, or one of the many streams that a socket carries over HTTP/2.
 */

import type { Backlog } from "../base/backlog.js";
import type { ServerSession } from "../http2/server-session.js";
import type { Stream } from "../http2/stream.js";
import type { UpgradeRequestReader } from "../websocket/upgrade-request-reader.js";
import { unsentBytesMax } from "./pong-server.js";
import type { ReplayedSession } from "./replayed-session.js";

type Phase =
  /** Its request has not come, or not wholly. */
  | "upgrading"
  | "open"
  /** It is a socket that carries streams. */
  | "carrying"
  /** All has been said: it is over as soon as that has gone out. */
  | "ending"
  /** Our side has ended; what still comes is dropped until the peer's ends too. */
  | "lingering"
  /** To be broken off at once, by RST. */
  | "resetting"
  | "closed";

/** Where a stream is. */
export interface Carried {
  /** Its socket. */
  readonly by: Connection;
  readonly session: ServerSession;
  readonly stream: Stream;
}

/** In place of a descriptor. */
const noDescriptor = -1;

export class Connection {
  /** -1 for a stream, which has none of its own. */
  readonly fd: number;
  /** Also its number for the decoder: no two have one at the same time. */
  readonly number: number;
  /** Null for a socket. */
  readonly carried: Carried | null;
  /** What carries the socket's streams; null for none. */
  session: ServerSession | null = null;
  phase: Phase = "upgrading";
  /** The mask that it is watched for. */
  watched = 0;
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

  private constructor(fd: number, number: number, carried: Carried | null) {
    this.fd = fd;
    this.number = number;
    this.carried = carried;
  }

  /** @param watched the mask that it is watched for */
  static ofSocket(fd: number, number: number, watched: number): Connection {
    const connection = new Connection(fd, number, null);
    connection.watched = watched;
    return connection;
  }

  static ofStream(number: number, carried: Carried): Connection {
    return new Connection(noDescriptor, number, carried);
  }

  /** What waits to be sent on it, and on nothing else. */
  get unsent(): Backlog | null {
    return this.carried === null ? this.backlog : this.carried.stream.pending;
  }

  /** Whether to send unasked on it: who does not read is sent no more. */
  takesMore(): boolean {
    const carrier = this.carried?.by.backlog?.length ?? 0;
    return this.#unsentBytes() + carrier <= unsentBytesMax;
  }

  /** Whether to read from it. Once paused, half of what is unsent must go first. */
  wantsInput(): boolean {
    if (this.hasPeerEnded) return false;
    if (this.phase !== "open" && this.phase !== "carrying") return true;
    this.#isPaused = this.#unsentBytes() > (this.#isPaused ? unsentBytesMax / 2 : unsentBytesMax);
    return !this.#isPaused;
  }

  #unsentBytes(): number {
    return this.heldBytes + (this.unsent?.length ?? 0);
  }
}
