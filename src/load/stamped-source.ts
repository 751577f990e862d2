/**
 * The workload's messages with one now and then that carries the backend's times, so that a sample of the round trips
 * can be split into their directions.
 */
import {
  createStampedMessage,
  isSameButStamps,
  isStamped,
  type ReadStamps,
  readStamps,
  stampedBytesMin,
  writeSequence,
} from "../base/stamped-message.js";
import { type MessageSource, wrongReply } from "./message-source.js";
import { StampTurns } from "./stamp-turns.js";

/**
 * @param every one message of so many is stamped
 * @param pair as `createStampedMessage` has it
 * @param bytes of the workload's messages; a stamped one is as long, but no shorter than it must be
 */
export function stampSome(
  plain: MessageSource,
  every: number,
  bytes: number,
  pair: string | null = null,
): MessageSource {
  return new StampedSource(plain, every, bytes, pair);
}

class StampedSource implements MessageSource {
  readonly binary: boolean;
  stamps: ReadStamps | null = null;
  readonly #plain: MessageSource;
  readonly #turns: StampTurns;
  readonly #stamped: Buffer;

  constructor(plain: MessageSource, every: number, bytes: number, pair: string | null) {
    this.binary = plain.binary;
    this.#plain = plain;
    this.#turns = new StampTurns(every);
    this.#stamped = createStampedMessage(Math.max(stampedBytesMin, bytes), pair);
  }

  messageFor(sequence: number, connection: number): Buffer {
    if (!this.#turns.isDue()) return this.#plain.messageFor(sequence, connection);
    this.#turns.taken();
    writeSequence(this.#stamped, sequence);
    return this.#stamped;
  }

  check(data: Buffer, start: number, end: number, isBinary: boolean, connection: number): number {
    this.stamps = null;
    if (!isStamped(data, start, end)) return this.#plain.check(data, start, end, isBinary, connection);
    if (isBinary !== this.binary || !isSameButStamps(this.#stamped, data, start, end)) return wrongReply;
    const stamps = readStamps(data, start);
    if (Number.isNaN(stamps.sequence)) return wrongReply;
    this.stamps = stamps;
    return stamps.sequence;
  }
}
