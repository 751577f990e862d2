/**
 * What is sent, and what must come back. Payloads of eight bytes and more carry their sequence number as eight hex
 * digits in front, so that a reply is matched with its own message even where replies overtake each other, and one
 * that comes twice, or changed, is seen; `ping` and shorter payloads are matched in order.
 */
import { createPrng } from "../base/prng.js";
import type { Message } from "../scenario/workload.js";

/** Hex digits of the sequence number. */
const sequenceLength = 8;
const hexDigits = Buffer.from("0123456789abcdef", "latin1");

/** `check` found the reply right, and the message carries no sequence number. */
export const rightUnnumbered = -1;
/** `check` found that the reply is not what was sent. */
export const wrongReply = -2;

export interface MessageSource {
  readonly binary: boolean;
  /** The bytes of message number `sequence`; the buffer is used again for the next one. */
  messageFor(sequence: number): Buffer;
  /** The reply's sequence number, or one of the two negative outcomes; a number, for this runs once a message. */
  check(reply: Buffer, isBinary: boolean): number;
}

/**
 * @param answers what answers `ping`: wsrally's backend says `pong`; a foreign one may echo
 */
export function createMessageSource(
  message: Message,
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
    messageFor: () => ping,
    check: (reply, isBinary) =>
      !isBinary && wanted.some((answer) => answer.equals(reply)) ? rightUnnumbered : wrongReply,
  };
}

function createPayloadSource(size: number, binary: boolean, seed: number): MessageSource {
  const buffer = filler(size, binary, seed);
  const numbered = size >= sequenceLength;
  return {
    binary,
    messageFor(sequence) {
      if (numbered) writeSequence(buffer, sequence);
      return buffer;
    },
    check(reply, isBinary) {
      if (isBinary !== binary || reply.length !== size) return wrongReply;
      if (!numbered) return reply.equals(buffer) ? rightUnnumbered : wrongReply;
      if (reply.compare(buffer, sequenceLength, size, sequenceLength, size) !== 0) return wrongReply;
      return readSequence(reply);
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

function writeSequence(buffer: Buffer, sequence: number): void {
  for (let i = 0; i < sequenceLength; i++) {
    buffer[i] = hexDigits[(sequence >>> (28 - 4 * i)) & 15] as number;
  }
}

function readSequence(buffer: Buffer): number {
  let sequence = 0;
  for (let i = 0; i < sequenceLength; i++) {
    const digit = hexDigits.indexOf(buffer[i] as number);
    if (digit === -1) return wrongReply;
    sequence = ((sequence << 4) | digit) >>> 0;
  }
  return sequence;
}
