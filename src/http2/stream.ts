/**
 * One stream of a connection, as either end has it.
 */
import type { Backlog } from "../base/backlog.js";

export interface Stream {
  readonly id: number;
  /** At a server, when it was asked on; else 0. */
  readonly begunNs: number;
  /** Whose it is: a number that the session hands back and knows nothing of. */
  owner: number;
  /** Bytes that may be sent on it; below 0 after SETTINGS that took some back (RFC 9113, 6.9.2). */
  sendWindow: number;
  /** Bytes that came and were not given back to the peer's window. */
  received: number;
  /** Its window is not given back. */
  isHeld: boolean;
  /** A final answer has come; at a server, the request. */
  isAnswered: boolean;
  /** We have ended our side: its owner is done with it. */
  isFinished: boolean;
  /** The peer has ended its side. */
  isEnded: boolean;
  /** What waits for window; null for nothing. */
  pending: Backlog | null;
}

export function newStream(id: number, owner: number, sendWindow: number, begunNs = 0): Stream {
  const state = { isAnswered: false, isFinished: false, isEnded: false, isHeld: false };
  return { id, begunNs, owner, sendWindow, received: 0, ...state, pending: null };
}
