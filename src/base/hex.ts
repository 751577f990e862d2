/** Numbers as hex digits of a fixed width, written into bytes and read from them: for every message, so without a text. */
const hexDigits = Buffer.from("0123456789abcdef", "latin1");

/** A number that is read where none stands. */
export const noNumber = -1;

export function writeHex(target: Buffer, at: number, width: number, value: number): void {
  for (let i = 0; i < width; i++)
    target[at + i] = hexDigits[(value >>> (4 * (width - 1 - i))) & 15] as number;
}

/** @returns the number, or `noNumber` */
export function readHex(data: Buffer, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) {
    const byte = data[at + i] as number;
    // 0-9 and a-f.
    const digit =
      byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) return noNumber;
    value = value * 16 + digit;
  }
  return value;
}

/** @returns the number, or NaN, which any sum with it is as well */
export function readHexOrNaN(data: Buffer, at: number, width: number): number {
  const value = readHex(data, at, width);
  return value === noNumber ? Number.NaN : value;
}
