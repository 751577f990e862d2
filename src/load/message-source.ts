/**
 * What is sent, and what must come back. Payloads of eight bytes and more carry their sequence number as eight hex
 * digits in front, so that a reply is matched with its own message even where replies overtake each other, and one
 * that comes twice, or changed, is seen; `ping` and shorter payloads are matched in order.
 */

import { noNumber, readHex, writeHex } from "../base/hex.js";
import { createPrng } from "../base/prng.js";
import type { ReadStamps } from "../base/stamped-message.js";
import type { Message } from "../scenario/message.js";

/** Hex digits of the sequence number. */
const sequenceLength = 8;

/** `check` found the reply right, and the message carries no sequence number. */
export const rightUnnumbered = -1;
/** `check` found that the reply is not what was sent. */
export const wrongReply = -2;

/** `check` found what the server is to send by itself: right, and no reply. */
export const serversOwn = -3;

export interface MessageSource {
  readonly binary: boolean;
  /** The bytes of message number `sequence`; the buffer is used again for the next one. */
  messageFor(sequence: number, connection: number): Buffer;
  /** Of a reply, the bytes [start, end): its sequence number, or one of the negative outcomes; a number, for this runs once a message. */
  check(data: Buffer, start: number, end: number, isBinary: boolean, connection: number): number;
  /** The backend's times of the reply that was just checked; null where it carried none. */
  readonly stamps: ReadStamps | null;
}

/**
 * @param answers what answers `ping`: wsrally's backend says `pong`; a foreign one may echo
 */
export function createMessageSource(
  message: Extract<Message, { readonly kind: "ping" | "payload" }>,
  options: { readonly seed: number; readonly answers: readonly string[] },
): MessageSource {
  return message.kind === "ping"
    ? createPingSource(options.answers)
    : createPayloadSource(message.bytes, message.binary, options.seed);
}

function createPingSource(answers: readonly string[]): MessageSource {
  const ping = Buffer.from("ping", "latin1");
  const wanted = answers.map((answer) => Buffer.from(answer, "latin1"));
  return {
    binary: false,
    stamps: null,
    messageFor: () => ping,
    check: (data, start, end, isBinary) =>
      !isBinary && wanted.some((answer) => isAt(answer, data, start, end)) ? rightUnnumbered : wrongReply,
  };
}

function createPayloadSource(size: number, binary: boolean, seed: number): MessageSource {
  const buffer = filler(size, binary, seed);
  const numbered = size >= sequenceLength;
  return {
    binary,
    stamps: null,
    messageFor(sequence) {
      if (numbered) writeHex(buffer, 0, sequenceLength, sequence);
      return buffer;
    },
    check(data, start, end, isBinary) {
      if (isBinary !== binary || end - start !== size) return wrongReply;
      if (!numbered) return isAt(buffer, data, start, end) ? rightUnnumbered : wrongReply;
      if (data.compare(buffer, sequenceLength, size, start + sequenceLength, end) !== 0) return wrongReply;
      const sequence = readHex(data, start, sequenceLength);
      return sequence === noNumber ? wrongReply : sequence;
    },
  };
}

/** Bytes that neither compress to nothing nor, as text, fall outside printable ASCII. */
function filler(size: number, binary: boolean, seed: number): Buffer {
  const prng = createPrng(seed);
  const buffer = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    const byte = prng.nextUint32() >>> 24;
    buffer[i] = binary ? byte : 0x20 + (byte % 0x5f);
  }
  return buffer;
}

/** Whether the bytes [start, end) are these few ones: a loop, for a call into Buffer costs more. */
function isAt(wanted: Buffer, data: Buffer, start: number, end: number): boolean {
  if (end - start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (data[start + i] !== wanted[i]) return false;
  return true;
}
