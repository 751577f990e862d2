/**
 * Messages in many sizes, and replies in as many: each carries its number, by which both its size and its reply's follow
 * from the seed, so that a reply is right only if every byte of it is.
 */
import { fillerOf } from "../../base/filler.js";
import { noNumber, readHex, writeHex } from "../../base/hex.js";
import {
  askingBytesMin,
  fill,
  sequenceBytes,
  writeAsking,
  writeAskingStamped,
} from "../../base/sized-message.js";
import {
  createStampedMessage,
  isSameButStamps,
  isStamped,
  type ReadStamps,
  readStamps,
  stampedBytesMin,
  writeSequence,
} from "../../base/stamped-message.js";
import { type MessageSource, wrongReply } from "../message-source.js";
import { StampTurns } from "../stamp-turns.js";
import type { Sizes } from "./load-shape.js";
import { SizeTable } from "./size-table.js";

interface SizedSettings {
  readonly sizes: Sizes;
  readonly binary: boolean;
  /** How much DEFLATE saves of what is sent, in percent. */
  readonly savedPercent: number;
  readonly seed: number;
  /** One message of so many that have room for it carries the backend's times; 0 for none. */
  readonly splitEvery: number;
  /** As `createStampedMessage` has it. */
  readonly pair: string | null;
}

export class SizedSource implements MessageSource {
  readonly binary: boolean;
  stamps: ReadStamps | null = null;
  readonly #settings: SizedSettings;
  readonly #up: SizeTable;
  /** Null: a reply is as long as its message. */
  readonly #down: SizeTable | null;
  readonly #filler: ReturnType<typeof fillerOf>;
  readonly #out: Buffer;
  /** As sent, and as it comes back but for its times: the longest. */
  readonly #stamped: Buffer;
  readonly #stampedReply: Buffer;
  readonly #turns: StampTurns;

  constructor(settings: SizedSettings) {
    const { sizes, binary, savedPercent, seed, pair } = settings;
    this.binary = binary;
    this.#settings = settings;
    this.#turns = new StampTurns(settings.splitEvery);
    this.#up = new SizeTable(sizes.up, seed, sizes.down === null ? sequenceBytes : askingBytesMin);
    this.#down = sizes.down === null ? null : new SizeTable(sizes.down, seed + 1, sequenceBytes);
    this.#filler = fillerOf(binary, savedPercent);
    this.#out = Buffer.alloc(this.#up.most);
    this.#stamped = createStampedMessage(Math.max(stampedBytesMin, this.#up.most), pair);
    this.#stampedReply = createStampedMessage(Math.max(stampedBytesMin, this.#down?.most ?? this.#up.most));
  }

  messageFor(sequence: number, connection: number): Buffer {
    const { splitEvery, binary, savedPercent } = this.#settings;
    const size = this.#up.sizeOf(connection, sequence);
    if (splitEvery > 0 && this.#turns.isDue()) {
      const replySize = this.#replySizeOf(connection, sequence);
      if (size >= stampedBytesMin && replySize >= stampedBytesMin)
        return this.#stampedFor(sequence, size, replySize);
    }
    const head = this.#writeHead(sequence, connection);
    fill(this.#out, head, size, sequence, binary, savedPercent);
    return this.#out.subarray(0, size);
  }

  check(data: Buffer, start: number, end: number, isBinary: boolean, connection: number): number {
    this.stamps = null;
    if (isBinary !== this.binary || end - start < sequenceBytes) return wrongReply;
    if (isStamped(data, start, end)) return this.#checkStamped(data, start, end, connection);
    const sequence = readHex(data, start, sequenceBytes);
    if (sequence === noNumber || end - start !== this.#replySizeOf(connection, sequence)) return wrongReply;
    const from = this.#filler.offsetOf(sequence);
    const length = end - start - sequenceBytes;
    const differs = data.compare(this.#filler.bytes, from, from + length, start + sequenceBytes, end) !== 0;
    return differs ? wrongReply : sequence;
  }

  #replySizeOf(connection: number, sequence: number): number {
    return (this.#down ?? this.#up).sizeOf(connection, sequence);
  }

  /** @returns its length */
  #writeHead(sequence: number, connection: number): number {
    if (this.#down === null) {
      writeHex(this.#out, 0, sequenceBytes, sequence);
      return sequenceBytes;
    }
    const bytes = this.#down.sizeOf(connection, sequence);
    writeAsking(this.#out, sequence, { bytes, savedPercent: this.#settings.savedPercent });
    return askingBytesMin;
  }

  #stampedFor(sequence: number, size: number, replySize: number): Buffer {
    this.#turns.taken();
    writeSequence(this.#stamped, sequence);
    if (this.#down !== null) writeAskingStamped(this.#stamped, replySize);
    return this.#stamped.subarray(0, size);
  }

  #checkStamped(data: Buffer, start: number, end: number, connection: number): number {
    const stamps = readStamps(data, start);
    const { sequence } = stamps;
    if (Number.isNaN(sequence) || end - start !== this.#replySizeOf(connection, sequence)) return wrongReply;
    const wanted = this.#stampedReply.subarray(0, end - start);
    if (!isSameButStamps(wanted, data, start, end)) return wrongReply;
    this.stamps = stamps;
    return sequence;
  }
}
