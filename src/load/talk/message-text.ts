/**
 * A text made into bytes once, in which a message's own digits are written for each.
 */
import { writeHex } from "../../base/hex.js";
import {
  connectionWidth,
  decimalWidth,
  firstDecimal,
  nowWidth,
  sequenceWidth,
  writeDecimal,
} from "./fields.js";
import type { Fill, TalkText } from "./talk.js";

/** A piece of a text: bytes, or digits of a kind. */
export type Piece = Buffer | "connection" | "sequence" | "decimal" | "now";

const widths = {
  connection: connectionWidth,
  sequence: sequenceWidth,
  decimal: decimalWidth,
  now: nowWidth,
} as const;

export function widthOf(piece: Piece): number {
  return typeof piece === "string" ? widths[piece] : piece.length;
}

/** @param encoding of the text: a binary frame's bytes are written as Latin-1 */
export function piecesOf(text: TalkText, fill: Fill, encoding: "utf8" | "latin1"): Piece[] {
  const pieces: Piece[] = [];
  let words = "";
  const endWords = (): void => {
    if (words !== "") pieces.push(Buffer.from(words, encoding));
    words = "";
  };
  for (const part of text) {
    if (typeof part === "string") words += part;
    else if ("column" in part) words += fill.row[part.column] ?? "";
    else if ("captured" in part) words += fill.captured[part.captured] ?? "";
    else if (part.field === "id") {
      words += "wsr";
      endWords();
      pieces.push("connection", Buffer.from("-", "latin1"), "sequence");
    } else {
      endWords();
      pieces.push(part.field === "seq" ? "decimal" : part.field);
    }
  }
  endWords();
  return pieces;
}

export class MessageText {
  readonly #bytes: Buffer;
  readonly #digits: readonly { readonly piece: Exclude<Piece, Buffer>; readonly at: number }[];

  constructor(pieces: readonly Piece[]) {
    this.#bytes = Buffer.concat(
      pieces.map((piece) => (typeof piece === "string" ? Buffer.alloc(widths[piece], "0") : piece)),
    );
    let at = 0;
    this.#digits = pieces.flatMap((piece) => {
      const here = at;
      at += widthOf(piece);
      return typeof piece === "string" ? [{ piece, at: here }] : [];
    });
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** The bytes of a message; they are used again for the next. @param connection its number among all of the arm's */
  write(connection: number, sequence: number): Buffer {
    const bytes = this.#bytes;
    for (const { piece, at } of this.#digits) {
      if (piece === "sequence") writeHex(bytes, at, sequenceWidth, sequence);
      else if (piece === "connection") writeHex(bytes, at, connectionWidth, connection);
      else if (piece === "decimal") writeDecimal(bytes, at, decimalWidth, firstDecimal + sequence);
      else writeDecimal(bytes, at, nowWidth, Date.now());
    }
    return bytes;
  }
}
