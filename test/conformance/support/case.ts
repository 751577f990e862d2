/**
 * What a case of RFC 6455 is: frames that one peer sends, and what the other must make of them, whichever side it is.
 * The tables in this folder are made of these; the tests run them against the decoder, the pong servers and the
 * generator's engines.
 */
import { createHash } from "node:crypto";
import { type Frame, opcode } from "./wire.js";

/** What came, and its bytes: in hex, or by their number and digest where there are many. */
export type Seen = readonly [kind: "text" | "binary" | "ping" | "pong", content: string];

/** How the connection ends. */
export type End =
  /** By a closing handshake with this code; null for none. */
  | { readonly kind: "closed"; readonly code: number | null }
  /** The receiver has to fail the connection, with this code. */
  | { readonly kind: "failed"; readonly code: 1002 | 1007 | 1009 };

export interface Case {
  /** Unique within its section. */
  readonly name: string;
  readonly sends: readonly Frame[];
  /** In the order of their last frames. */
  readonly seen: readonly Seen[];
  readonly end: End;
  /** Failed for text that is not UTF-8, so that who does not look sees what is `seen` and then this. */
  readonly unchecked?: { readonly seen: readonly Seen[]; readonly end: End };
  /** What the `ws` package makes of it, where it does not follow the RFC's letter; `why` with its words or a reason. */
  readonly byWs?: { readonly seen: readonly Seen[]; readonly end: End; readonly why: string };
}

export interface Section {
  /** "5.2 Base framing: reserved bits" */
  readonly title: string;
  readonly cases: readonly Case[];
}

const digestFrom = 200;

export function contentOf(bytes: Buffer): string {
  if (bytes.length < digestFrom) return bytes.toString("hex");
  return `${bytes.length} bytes ${createHash("sha1").update(bytes).digest("hex").slice(0, 12)}`;
}

export function bytesOf(content: Buffer | string): Buffer {
  return typeof content === "string" ? Buffer.from(content) : content;
}

export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}

function framer(code: number): (content?: Buffer | string, details?: Partial<Frame>) => Frame {
  return (content = "", details = {}) => ({ opcode: code, payload: bytesOf(content), ...details });
}

export const text = framer(opcode.text);
export const binary = framer(opcode.binary);
export const continuation = framer(opcode.continuation);
export const ping = framer(opcode.ping);
export const pong = framer(opcode.pong);

/** @param reason its bytes, right or wrong */
export function close(code: number | null = null, reason: Buffer | string = ""): Frame {
  if (code === null) return { opcode: opcode.close, payload: Buffer.alloc(0) };
  return {
    opcode: opcode.close,
    payload: Buffer.concat([Buffer.of(code >> 8, code & 0xff), bytesOf(reason)]),
  };
}

/** `details` of a frame that is not its message's last. */
export const more: Partial<Frame> = { fin: false };

/** A message in fragments, of which each may be empty. */
export function fragments(kind: typeof text, parts: readonly (Buffer | string)[]): Frame[] {
  return parts.map((part, index) =>
    (index === 0 ? kind : continuation)(part, { fin: index === parts.length - 1 }),
  );
}

export function seen(kind: Seen[0], content: Buffer | string = ""): Seen {
  return [kind, contentOf(bytesOf(content))];
}

const normal: End = { kind: "closed", code: 1000 };

/** Frames that keep the protocol; the sender closes behind them. */
export function taken(name: string, sends: readonly Frame[], what: readonly Seen[]): Case {
  return { name, sends: [...sends, close(1000)], seen: what, end: normal };
}

/** Frames of which one has to fail the connection; what comes behind it is not to be read. */
export function failed(
  name: string,
  sends: readonly Frame[],
  code: 1002 | 1007 | 1009 = 1002,
  before: readonly Seen[] = [],
): Case {
  return {
    name,
    sends: [...sends, text("behind"), close(1000)],
    seen: before,
    end: { kind: "failed", code },
  };
}

/** Frames with a close frame among them, behind which nothing is to be read. */
export function closed(
  name: string,
  sends: readonly Frame[],
  code: number | null,
  before: readonly Seen[] = [],
): Case {
  return { name, sends, seen: before, end: { kind: "closed", code } };
}
