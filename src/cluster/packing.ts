/**
 * Values as bytes, for another machine with another Node: JSON, deflated where it is long, in which typed arrays, maps and numbers that
 * JSON lacks keep what they are. What is short is said often, and zlib would cost more than all the rest of it.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** No report of a thread is as long: a slice has at most some thousand buckets. */
const mostBytes = 256 * 1024 * 1024;

/** The first byte: what follows. */
const marks = { plain: 0, deflated: 1 } as const;
/** Of JSON that goes as it is. */
const plainMost = 2048;

/** Names no key of ours has. */
const wordsKey = "$u32";
const doublesKey = "$f64";
/** Doubles most of which are 0: how many, then the place and the value of each other one. */
const fewDoublesKey = "$f64s";
const numberKey = "$number";
const entriesKey = "$entries";

export function pack(value: unknown): Uint8Array {
  const text = JSON.stringify(value, toPlain);
  if (text.length <= plainMost) return marked(marks.plain, Buffer.from(text));
  return marked(marks.deflated, deflateRawSync(text, { level: 1 }));
}

function marked(mark: number, body: Buffer): Uint8Array {
  const bytes = Buffer.allocUnsafe(body.length + 1);
  bytes[0] = mark;
  body.copy(bytes, 1);
  return bytes;
}

/** @throws what zlib or JSON throw at bytes that are none of `pack`'s, or RangeError */
export function unpack(bytes: Uint8Array): unknown {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + 1, Math.max(0, bytes.length - 1));
  switch (bytes[0]) {
    case marks.plain:
      return JSON.parse(body.toString("utf8"), fromPlain);
    case marks.deflated:
      return JSON.parse(inflateRawSync(body, { maxOutputLength: mostBytes }).toString("utf8"), fromPlain);
    default:
      throw new RangeError("Bytes of another version, or of nobody's");
  }
}

function toPlain(_key: string, value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : { [numberKey]: String(value) };
  if (value instanceof Uint32Array) return { [wordsKey]: base64Of(value) };
  if (value instanceof Map) return { [entriesKey]: [...value] };
  if (value instanceof Float64Array) return doublesToPlain(value);
  return value;
}

/** A place and a value take as many characters as three doubles in base64, or fewer. */
function doublesToPlain(doubles: Float64Array): object {
  const few: number[] = [doubles.length];
  for (let place = 0; place < doubles.length; place++) {
    const value = doubles[place] as number;
    // Not what JSON has no sign for.
    if (value !== 0 || Object.is(value, -0)) few.push(place, value);
  }
  const isFew =
    few.length < doubles.length && few.every((one) => Number.isFinite(one) && !Object.is(one, -0));
  return isFew ? { [fewDoublesKey]: few } : { [doublesKey]: base64Of(doubles) };
}

function fromPlain(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  let only: string | null = null;
  for (const key in value) {
    if (only !== null) return value;
    only = key;
  }
  if (only === null || !only.startsWith("$")) return value;
  const held = (value as Readonly<Record<string, unknown>>)[only];
  if (only === entriesKey && Array.isArray(held)) return new Map(held);
  if (only === fewDoublesKey && Array.isArray(held)) return doublesOf(held);
  if (typeof held !== "string") return value;
  if (only === numberKey) return Number(held);
  if (only === wordsKey) return new Uint32Array(alignedOf(held));
  if (only === doublesKey) return new Float64Array(alignedOf(held));
  return value;
}

function doublesOf([length, ...few]: readonly number[]): Float64Array {
  const doubles = new Float64Array(length ?? 0);
  for (let at = 0; at + 1 < few.length; at += 2) doubles[few[at] as number] = few[at + 1] as number;
  return doubles;
}

function base64Of({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/** In memory of its own: a Buffer's may begin anywhere. */
function alignedOf(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, "base64")).buffer;
}
