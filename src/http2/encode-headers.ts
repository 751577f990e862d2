/**
 * Header fields into a header block that leaves no trace in the peer's table: literals, never indexed by us, with names
 * of the static table where it has them (RFC 7541, 6.2.2). A load sends few of them, so nothing is saved by more.
 */
import type { HeaderField } from "../websocket/header-fields.js";
import { staticTable } from "./header-table.js";

/** The field itself, or a field of the same name, by its index. */
const wholeFields = new Map<string, number>();
const names = new Map<string, number>();
staticTable.forEach(({ name, value }, index) => {
  if (!names.has(name)) names.set(name, index + 1);
  wholeFields.set(`${name}\n${value}`, index + 1);
});

/** "The table is of size 0": to be the first byte after the peer has said how large it may be (4.2). */
export const emptyTable = Buffer.of(0x20);

/** @param fields names in lower case; texts are Latin-1 */
export function encodeHeaders(fields: readonly HeaderField[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField({ name, value }: HeaderField): Buffer {
  const whole = value === "" ? undefined : wholeFields.get(`${name}\n${value}`);
  if (whole !== undefined) return encodeInteger(whole, 7, 0x80);
  const index = names.get(name) ?? 0;
  const start = encodeInteger(index, 4, 0);
  return Buffer.concat(
    index === 0 ? [start, encodeText(name), encodeText(value)] : [start, encodeText(value)],
  );
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([encodeInteger(bytes.length, 7, 0), bytes]);
}

/** 5.1. @param rest what stands in the first byte before the prefix */
function encodeInteger(value: number, prefixBits: number, rest: number): Buffer {
  const most = (1 << prefixBits) - 1;
  if (value < most) return Buffer.of(rest | value);
  const bytes = [rest | most];
  let left = value - most;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  bytes.push(left);
  return Buffer.from(bytes);
}
