/**
 * What a close frame carries: nothing, or a code and a reason (RFC 6455, 5.5.1 and 7.4).
 */
import assert from "node:assert/strict";
import { type FrameFault, frameFaults } from "./frame-fault.js";
import { isUtf8Range } from "./is-utf8-range.js";
import { controlPayloadBytesMax } from "./opcode.js";

interface ClosePayload {
  readonly kind: "close";
  /** null when the frame carried none, which an API calls 1005. */
  readonly code: number | null;
  readonly reason: string;
}

type CloseReading = ClosePayload | { readonly kind: "fault"; readonly fault: FrameFault };

const reasonBytesMax = controlPayloadBytesMax - 2;

/**
 * Whether a code may stand in a frame: those of RFC 6455 (7.4.1) and of IANA's registry up to 1014, and 3000 to 4999
 * for libraries and applications. 1004 is reserved; 1005, 1006 and 1015 only stand for what did not travel.
 */
export function mayTravel(code: number): boolean {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/** Reads the payload [start, end) of a close frame. */
export function parseClosePayload(buffer: Buffer, start: number, end: number): CloseReading {
  if (start === end) return { kind: "close", code: null, reason: "" };
  if (end - start === 1) return { kind: "fault", fault: frameFaults.closePayloadOfOneByte };
  const code = buffer.readUInt16BE(start);
  if (!mayTravel(code)) return { kind: "fault", fault: frameFaults.closeCodeInvalid };
  if (!isUtf8Range(buffer, start + 2, end)) return { kind: "fault", fault: frameFaults.closeReasonNotUtf8 };
  return { kind: "close", code, reason: buffer.toString("utf8", start + 2, end) };
}

/**
 * The payload of a close frame: a code that may travel and a reason, cut between characters to the 123 bytes that
 * there is room for. A null code makes it empty.
 */
export function buildClosePayload(code: number | null, reason = ""): Buffer {
  if (code === null) return Buffer.alloc(0);
  assert(Number.isInteger(code) && mayTravel(code), `close code ${code} may not travel`);
  const bytes = Buffer.from(reason, "utf8");
  let length = Math.min(bytes.length, reasonBytesMax);
  // A byte 10xxxxxx continues a character: the cut moves back to where one begins.
  while (length < bytes.length && ((bytes[length] as number) & 0xc0) === 0x80) length--;
  const payload = Buffer.alloc(2 + length);
  payload.writeUInt16BE(code);
  bytes.copy(payload, 2, 0, length);
  return payload;
}
