/**
 * The tables that HPACK's indices point into: the static one of RFC 7541, appendix A, and behind it the dynamic one that
 * the sender fills (2.3.2).
 */
import type { HeaderField } from "../websocket/header-fields.js";

const entryOverheadBytes = 32;

export const staticTable: readonly HeaderField[] = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  ...["200", "204", "206", "304", "400", "404", "500"].map((status) => [":status", status]),
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ...[
    "accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control",
    "content-disposition content-encoding content-language content-length content-location content-range content-type",
    "cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since",
    "last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after",
    "server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate",
  ].flatMap((names) => names.split(" ").map((name) => [name, ""])),
].map(([name = "", value = ""]) => ({ name, value }));

export class HeaderTable {
  /** The newest first. */
  readonly #entries: HeaderField[] = [];
  #bytes = 0;
  #bytesMax: number;

  /** @param bytesMax as SETTINGS_HEADER_TABLE_SIZE counts them */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @param index from 1, static entries first. @returns null where there is none */
  at(index: number): HeaderField | null {
    return staticTable[index - 1] ?? this.#entries[index - 1 - staticTable.length] ?? null;
  }

  /** One that is larger than the table empties it (RFC 7541, 4.4). */
  add(field: HeaderField): void {
    this.#bytes += sizeOf(field);
    this.#entries.unshift(field);
    this.#evict();
  }

  resize(bytesMax: number): void {
    this.#bytesMax = bytesMax;
    this.#evict();
  }

  #evict(): void {
    while (this.#bytes > this.#bytesMax) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      this.#bytes -= sizeOf(oldest);
    }
  }
}

function sizeOf({ name, value }: HeaderField): number {
  return name.length + value.length + entryOverheadBytes;
}
