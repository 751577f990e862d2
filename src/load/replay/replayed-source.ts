/**
 * The messages of recorded sessions: as long as they were, and filled so that both ends know every byte. What the server is
 * to send is known in its order, so that each of its messages is told for a reply, or for one of its own.
 */

import { fillerOf } from "../../base/filler.js";
import { createPrng } from "../../base/prng.js";
import { writeReplayOpening } from "../../base/replay-opening.js";
import { fill } from "../../base/sized-message.js";
import {
  type RecordedTraffic,
  replyAfterMs,
  type Session,
  sessionOf,
  type Turn,
} from "../../scenario/replay/session.js";
import { type MessageSource, serversOwn, wrongReply } from "../message-source.js";

/** Where a connection is in its session. */
interface Place {
  readonly session: Session;
  /** Its number among the sessions. */
  readonly number: number;
  /** How far into the session the load finds it, in milliseconds. */
  readonly startMs: number;
  /** The turn that the connection's message number 0 is of. */
  readonly firstTurn: number;
  /** The message of the client, by its number, that the server has come to, and how many it has sent behind that. */
  sequence: number;
  behind: number;
  /** How many it has sent altogether. */
  downs: number;
}

export class ReplayedSource implements MessageSource {
  readonly stamps = null;
  binary = false;
  readonly #traffic: RecordedTraffic;
  readonly #places: readonly Place[];
  readonly #out: Buffer;

  /** @param firstConnection the number, among all of the arm's, of this thread's first */
  constructor(traffic: RecordedTraffic, firstConnection: number, connections: number, seed: number) {
    this.#traffic = traffic;
    const prng = createPrng(seed);
    this.#places = Array.from({ length: connections }, (_, connection) =>
      placeIn(traffic, firstConnection + connection, prng.nextFloat()),
    );
    const sizes = traffic.sessions.flatMap(({ turns }) => turns.map(({ bytes }) => bytes));
    this.#out = Buffer.alloc(sizes.reduce((most, size) => Math.max(most, size), 0));
  }

  /** @param sequence of the connection's next message @returns what it says first */
  open(connection: number, sequence: number): Buffer {
    const place = this.#at(connection);
    place.sequence = sequence;
    place.behind = 0;
    place.downs = 0;
    return writeReplayOpening({ session: place.number, turn: turnNumber(place, sequence) });
  }

  /** Milliseconds from the load's start to the connection's message number `sequence`. */
  dueMs(connection: number, sequence: number): number {
    const { session, startMs, firstTurn } = this.#at(connection);
    const { turns, cycleMs } = session;
    const at = firstTurn + sequence;
    const turn = turns[at % turns.length] as Turn;
    return Math.floor(at / turns.length) * cycleMs + turn.atMs - startMs;
  }

  /** How long the server is to take for its reply; null where there is none. */
  replyAfterMs(connection: number, sequence: number): number | null {
    return replyAfterMs(turnAt(this.#at(connection), sequence));
  }

  messageFor(sequence: number, connection: number): Buffer {
    const { bytes, isBinary } = turnAt(this.#at(connection), sequence);
    this.binary = isBinary;
    fill(this.#out, 0, bytes, sequence, isBinary, this.#traffic.savedPercent.up);
    return this.#out.subarray(0, bytes);
  }

  check(data: Buffer, start: number, end: number, isBinary: boolean, connection: number): number {
    const place = this.#at(connection);
    const { session } = place;
    let turn = turnAt(place, place.sequence);
    for (let left = session.turns.length; left > 0 && place.behind >= turn.downs.length; left--) {
      place.sequence++;
      place.behind = 0;
      turn = turnAt(place, place.sequence);
    }
    const down = turn.downs[place.behind];
    const isReply = place.behind === 0 && replyAfterMs(turn) !== null;
    const number = place.downs++;
    place.behind++;
    if (down === undefined || down.isBinary !== isBinary || down.bytes !== end - start) return wrongReply;
    const filler = fillerOf(isBinary, this.#traffic.savedPercent.down);
    const from = filler.offsetOf(number);
    if (data.compare(filler.bytes, from, from + down.bytes, start, end) !== 0) return wrongReply;
    return isReply ? place.sequence : serversOwn;
  }

  #at(connection: number): Place {
    return this.#places[connection] as Place;
  }
}

/** @param share of the session that is over when the load begins */
function placeIn(traffic: RecordedTraffic, connection: number, share: number): Place {
  const number = sessionOf(traffic, connection);
  const session = traffic.sessions[number] as Session;
  const startMs = share * session.cycleMs;
  const next = session.turns.findIndex(({ atMs }) => atMs >= startMs);
  const firstTurn = next === -1 ? session.turns.length : next;
  return { session, number, startMs, firstTurn, sequence: 0, behind: 0, downs: 0 };
}

function turnNumber({ session, firstTurn }: Place, sequence: number): number {
  return (firstTurn + sequence) % session.turns.length;
}

function turnAt(place: Place, sequence: number): Turn {
  return place.session.turns[turnNumber(place, sequence)] as Turn;
}
