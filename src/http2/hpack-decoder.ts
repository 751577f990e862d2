/**
 * Header blocks into header fields (RFC 7541). One decoder for a connection, which has to be given every block in order.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { HeaderTable } from "./header-table.js";
import { decodeHuffman } from "./huffman.js";

/** What we let the peer fill, the protocol's own default. */
const tableBytesMax = 4096;
/** As the fields' texts count; what a peer sends beyond it is no answer to a handshake. */
const listBytesMax = 64 * 1024;

/** A block that cannot be decoded, so that no later one can be either: COMPRESSION_ERROR. */
class Undecodable extends Error {}

export class HpackDecoder {
  readonly #table = new HeaderTable(tableBytesMax);
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Names and values are Latin-1. @returns null for a block that breaks RFC 7541 or has more than 64 KiB of text */
  decode(block: Buffer): HeaderField[] | null {
    this.#block = block;
    this.#at = 0;
    try {
      return this.#fields();
    } catch (thrown) {
      if (thrown instanceof Undecodable) return null;
      throw thrown;
    }
  }

  #fields(): HeaderField[] {
    const fields: HeaderField[] = [];
    let bytes = 0;
    while (this.#at < this.#block.length) {
      const first = this.#block[this.#at] as number;
      if ((first & 0xe0) === 0x20) {
        // Only before the first field (4.2).
        if (fields.length > 0) throw new Undecodable();
        this.#resize();
        continue;
      }
      const field = this.#field(first);
      bytes += field.name.length + field.value.length;
      if (bytes > listBytesMax) throw new Undecodable();
      fields.push(field);
    }
    return fields;
  }

  #resize(): void {
    const bytes = this.#integer(5);
    if (bytes > tableBytesMax) throw new Undecodable();
    this.#table.resize(bytes);
  }

  #field(first: number): HeaderField {
    if ((first & 0x80) !== 0) return this.#indexed(this.#integer(7));
    const isKept = (first & 0xc0) === 0x40;
    const index = this.#integer(isKept ? 6 : 4);
    const name = index === 0 ? this.#text() : this.#indexed(index).name;
    const field = { name, value: this.#text() };
    if (isKept) this.#table.add(field);
    return field;
  }

  #indexed(index: number): HeaderField {
    const field = this.#table.at(index);
    if (field === null) throw new Undecodable();
    return field;
  }

  /** 5.1, up to 2^28: nothing that a block may hold is more. */
  #integer(prefixBits: number): number {
    const most = (1 << prefixBits) - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value;
    }
    throw new Undecodable();
  }

  #text(): string {
    const isHuffman = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#block.length) throw new Undecodable();
    this.#at = end;
    if (!isHuffman) return this.#block.toString("latin1", start, end);
    const text = decodeHuffman(this.#block, start, end);
    if (text === null) throw new Undecodable();
    return text;
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw new Undecodable();
    return byte;
  }
}
