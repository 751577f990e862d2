/**
 * Tells whether a message is meant, and the number in it: bytes are compared where they stand, without a text of them.
 */
import { noNumber, readHex } from "../../base/hex.js";
import { rightUnnumbered, wrongReply } from "../message-source.js";
import {
  connectionWidth,
  decimalWidth,
  firstDecimal,
  nowWidth,
  readDecimal,
  sequenceWidth,
} from "./fields.js";
import { type Piece, piecesOf, widthOf } from "./message-text.js";
import type { Fill, TalkMatch, TalkText } from "./talk.js";

/** Of a message, the bytes [start, end): its sequence number, `rightUnnumbered`, or `wrongReply` where it is not meant. */
export interface MessagePattern {
  read(data: Buffer, start: number, end: number, connection: number): number;
}

export const anyMessage: MessagePattern = { read: () => rightUnnumbered };

export function patternOf(match: TalkMatch, fill: Fill, encoding: "utf8" | "latin1"): MessagePattern {
  const pieces = piecesOf(match.value, fill, encoding);
  if (match.match === "json") return new JsonPattern(match.path, pieces);
  return match.match === "equals" ? new WholePattern(pieces) : new HeldPattern(pieces);
}

/** The same bytes as were sent, but for the digits. */
export function samePattern(text: TalkText, fill: Fill, encoding: "utf8" | "latin1"): MessagePattern {
  return new WholePattern(piecesOf(text, fill, encoding));
}

/** Where the pieces stand one after the other from `at`: the sequence among them, or an outcome. */
function readPieces(
  pieces: readonly Piece[],
  data: Buffer,
  start: number,
  end: number,
  connection: number,
): number {
  let at = start;
  let outcome = rightUnnumbered;
  for (const piece of pieces) {
    const next = at + widthOf(piece);
    if (next > end) return wrongReply;
    if (typeof piece !== "string") {
      if (!isAt(piece, data, at)) return wrongReply;
    } else if (piece === "sequence") {
      outcome = readHex(data, at, sequenceWidth);
    } else if (piece === "decimal") {
      const value = readDecimal(data, at, decimalWidth);
      outcome = value < firstDecimal ? noNumber : value - firstDecimal;
    } else if (piece === "connection") {
      if (readHex(data, at, connectionWidth) !== connection) return wrongReply;
    } else if (readDecimal(data, at, nowWidth) === noNumber) return wrongReply;
    if (outcome === noNumber && (piece === "sequence" || piece === "decimal")) return wrongReply;
    at = next;
  }
  return outcome;
}

/** From so many bytes on a call into Buffer costs less than a loop. */
const longBytes = 24;

function isAt(piece: Buffer, data: Buffer, at: number): boolean {
  if (piece.length >= longBytes) return data.compare(piece, 0, piece.length, at, at + piece.length) === 0;
  for (let i = 0; i < piece.length; i++) if (data[at + i] !== piece[i]) return false;
  return true;
}

class WholePattern implements MessagePattern {
  readonly #pieces: readonly Piece[];
  readonly #length: number;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.#length = pieces.reduce((sum, piece) => sum + widthOf(piece), 0);
  }

  read(data: Buffer, start: number, end: number, connection: number): number {
    return end - start === this.#length ? readPieces(this.#pieces, data, start, end, connection) : wrongReply;
  }
}

class HeldPattern implements MessagePattern {
  readonly #pieces: readonly Piece[];
  /** What it begins with, where that is bytes. */
  readonly #head: Buffer | null;
  /** Where it stood in the message before: there first. */
  #usualAt = 0;

  constructor(pieces: readonly Piece[]) {
    const [first] = pieces;
    this.#pieces = pieces;
    this.#head = typeof first === "string" || first === undefined ? null : first;
  }

  read(data: Buffer, start: number, end: number, connection: number): number {
    const usual = readPieces(this.#pieces, data, start + this.#usualAt, end, connection);
    if (usual !== wrongReply) return usual;
    const message = data.subarray(start, end);
    for (let at = this.#next(message, 0); at !== -1; at = this.#next(message, at + 1)) {
      const outcome = readPieces(this.#pieces, message, at, message.length, connection);
      if (outcome === wrongReply) continue;
      this.#usualAt = at;
      return outcome;
    }
    return wrongReply;
  }

  #next(message: Buffer, from: number): number {
    if (this.#head !== null) return message.indexOf(this.#head, from);
    return from < message.length ? from : -1;
  }
}

/** Its JSON is read where its first bytes stand in the message at all: an exception for each other would cost microseconds. */
class JsonPattern implements MessagePattern {
  readonly #path: readonly string[];
  readonly #whole: WholePattern;
  readonly #hint: Buffer | null;

  constructor(path: readonly string[], pieces: readonly Piece[]) {
    const [first] = pieces;
    this.#path = path;
    this.#whole = new WholePattern(pieces);
    // Whatever else JSON may write in another way.
    const isPlain =
      first !== undefined && typeof first !== "string" && /^[\w .:-]+$/.test(first.toString("latin1"));
    this.#hint = isPlain ? first : null;
  }

  read(data: Buffer, start: number, end: number, connection: number): number {
    const message = data.subarray(start, end);
    if (this.#hint !== null && message.indexOf(this.#hint) === -1) return wrongReply;
    const value = valueAt(message, this.#path);
    if (value === null) return wrongReply;
    const bytes = Buffer.from(value, "utf8");
    return this.#whole.read(bytes, 0, bytes.length, connection);
  }
}

/** @returns as text; null where the message is no JSON, or has nothing there but an object */
export function valueAt(message: Buffer, path: readonly string[]): string | null {
  let value: unknown;
  try {
    value = JSON.parse(jsonOf(message.toString("utf8")));
  } catch {
    return null;
  }
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return null;
    value = (value as Record<string, unknown>)[step];
  }
  return value === undefined || typeof value === "object" ? null : String(value);
}

/** Within what some protocols put around it: digits before (Engine.IO), a separator or NUL behind (SignalR, STOMP). */
function jsonOf(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(0, end).replace(/^\d+(?=[[{])/, "");
}
