/**
 * What can be wrong with frames that came. A fault is data: a peer's mistake is a result of the measurement, not an
 * exception. The codes are stable; the close code is what to send before closing (RFC 6455, 7.4.1).
 */
export type FrameFaultCode =
  | "reserved-bits"
  | "reserved-opcode"
  | "control-fragmented"
  | "control-too-long"
  | "mask-missing"
  | "mask-unexpected"
  | "length-not-minimal"
  | "length-top-bit"
  | "continuation-without-start"
  | "message-inside-message"
  | "message-too-long"
  | "text-not-utf8"
  | "close-payload-of-one-byte"
  | "close-code-invalid"
  | "close-reason-not-utf8";

export interface FrameFault {
  readonly code: FrameFaultCode;
  readonly closeCode: 1002 | 1007 | 1009;
  /** A sentence for people, without a full stop. */
  readonly detail: string;
}

function fault(code: FrameFaultCode, closeCode: FrameFault["closeCode"], detail: string): FrameFault {
  return Object.freeze({ code, closeCode, detail });
}

/** One object each, so that naming a fault allocates nothing. The sections are those of RFC 6455. */
export const frameFaults = {
  /** 5.2: without an extension RSV1 to RSV3 are 0. */
  reservedBits: fault("reserved-bits", 1002, "a reserved bit is set though no extension was agreed on"),
  /** 5.2 */
  reservedOpcode: fault("reserved-opcode", 1002, "the opcode is reserved"),
  /** 5.5 */
  controlFragmented: fault("control-fragmented", 1002, "a control frame is fragmented"),
  /** 5.5 */
  controlTooLong: fault("control-too-long", 1002, "a control frame has more than 125 bytes"),
  /** 5.1: a server closes on an unmasked frame. */
  maskMissing: fault("mask-missing", 1002, "the client's frame is not masked"),
  /** 5.1: a client closes on a masked frame. */
  maskUnexpected: fault("mask-unexpected", 1002, "the server's frame is masked"),
  /** 5.2: "the minimal number of bytes MUST be used to encode the length". */
  lengthNotMinimal: fault("length-not-minimal", 1002, "the length takes more bytes than it needs"),
  /** 5.2: "the most significant bit MUST be 0". */
  lengthTopBit: fault("length-top-bit", 1002, "the top bit of the 64-bit length is set"),
  /** 5.4 */
  continuationWithoutStart: fault(
    "continuation-without-start",
    1002,
    "a continuation frame came with no message to continue",
  ),
  /** 5.4: fragments of messages are not interleaved. */
  messageInsideMessage: fault("message-inside-message", 1002, "a message began before the last one ended"),
  /** 7.4.1 */
  messageTooLong: fault("message-too-long", 1009, "the message is longer than the limit"),
  /** 8.1 */
  textNotUtf8: fault("text-not-utf8", 1007, "the text is not UTF-8"),
  /** 5.5.1: a payload begins with a code of two bytes. */
  closePayloadOfOneByte: fault("close-payload-of-one-byte", 1002, "the close frame has half a code"),
  /** 7.4 */
  closeCodeInvalid: fault("close-code-invalid", 1002, "the close code may not travel"),
  /** 5.5.1, 8.1 */
  closeReasonNotUtf8: fault("close-reason-not-utf8", 1007, "the close reason is not UTF-8"),
} as const;
