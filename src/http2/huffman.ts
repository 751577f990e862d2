/**
 * Huffman texts of HPACK into bytes (RFC 7541, 5.2 and appendix B).
 *
 * The code is canonical: the lengths alone, in bits and by symbol, give every code.
 */
const lengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const endSymbol = 256;
const bitsMost = 30;

/** A node of the code's tree: two children by bit; a leaf is below 0, as the symbol's complement. */
const nodes: number[] = [0, 0];

for (let bits = 1, code = 0; bits <= bitsMost; bits++, code <<= 1) {
  for (let symbol = 0; symbol <= endSymbol; symbol++) {
    if (lengths[symbol] === bits) plant(code++, bits, symbol);
  }
}

function plant(code: number, bits: number, symbol: number): void {
  let node = 0;
  for (let at = bits - 1; at > 0; at--) {
    const child = 2 * node + ((code >>> at) & 1);
    if (nodes[child] === 0) {
      nodes[child] = nodes.length / 2;
      nodes.push(0, 0);
    }
    node = nodes[child] as number;
  }
  nodes[2 * node + (code & 1)] = ~symbol;
}

/** @returns the text as Latin-1, or null where it is none: it has the end's own symbol, or is padded by other than its beginning */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | null {
  const out = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / 5));
  let length = 0;
  let node = 0;
  let depth = 0;
  let isAllOnes = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    for (let shift = 7; shift >= 0; shift--) {
      const bit = (byte >>> shift) & 1;
      const next = nodes[2 * node + bit] as number;
      depth++;
      isAllOnes &&= bit === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      if (~next === endSymbol) return null;
      out[length++] = ~next;
      node = 0;
      depth = 0;
      isAllOnes = true;
    }
  }
  return depth < 8 && isAllOnes ? out.toString("latin1", 0, length) : null;
}
