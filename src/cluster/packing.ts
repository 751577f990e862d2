/**
 * Values as bytes, for another machine with another Node: JSON, deflated, in which typed arrays, maps and numbers that JSON lacks
 * keep what they are.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** No report of a thread is as long: a slice has at most some thousand buckets. */
const mostBytes = 256 * 1024 * 1024;

/** Names no key of ours has. */
const wordsKey = "$u32";
const doublesKey = "$f64";
const numberKey = "$number";
const entriesKey = "$entries";

export function pack(value: unknown): Uint8Array {
  return deflateRawSync(JSON.stringify(value, toPlain), { level: 1 });
}

/** @throws what zlib or JSON throw at bytes that are none of `pack`'s */
export function unpack(bytes: Uint8Array): unknown {
  const text = inflateRawSync(bytes, { maxOutputLength: mostBytes }).toString("utf8");
  return JSON.parse(text, fromPlain);
}

function toPlain(_key: string, value: unknown): unknown {
  if (value instanceof Uint32Array) return { [wordsKey]: base64Of(value) };
  if (value instanceof Map) return { [entriesKey]: [...value] };
  if (value instanceof Float64Array) return { [doublesKey]: base64Of(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { [numberKey]: String(value) };
  return value;
}

function fromPlain(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0) return value;
  const [key, text] = entry;
  if (key === entriesKey && Array.isArray(text)) return new Map(text);
  if (typeof text !== "string") return value;
  if (key === numberKey) return Number(text);
  if (key === wordsKey) return new Uint32Array(alignedOf(text));
  if (key === doublesKey) return new Float64Array(alignedOf(text));
  return value;
}

function base64Of({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/** In memory of its own: a Buffer's may begin anywhere. */
function alignedOf(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, "base64")).buffer;
}
