/**
 * Reads a JSON file of the results, which may be a stranger's: a CI artifact, or a file of a repository. It is a plain
 * file of bounded size, no link; no number of faults or brackets in it takes the memory or the stack; and what is said of
 * it quotes nothing of it, for whoever made it may have made it another file of this machine.
 */
import { z } from "zod";
import { codeOf, messageOf } from "../base/errors.js";
import { readUnlinkedFile } from "../base/read-small-file.js";

type StoredJson<Data> = { readonly data: Data } | { readonly fault: string };

interface Wanted<Data> {
  readonly schema: z.ZodType<Data>;
  /** What it has to say it is. */
  readonly version: number;
  readonly limits: ReadLimits;
}

/** Of files that are read for one answer. */
export interface ReadLimits {
  /** Of one file. */
  readonly mostBytes: number;
  /** What all of them may still come to; the file that goes beyond is the last one. */
  leftBytes: number;
}

/** @param leftBytes what is read in a second or two */
export function readLimits(mostBytes: number, leftBytes = 64 * 1024 ** 2): ReadLimits {
  return { mostBytes, leftBytes };
}

/** @returns the data, or in a few words, without the file's name, why there is none */
export function readStoredJson<Data>(
  file: string,
  { schema, version, limits }: Wanted<Data>,
): StoredJson<Data> {
  if (limits.leftBytes < 0) return { fault: "the files before it are as many as are read at once" };
  let bytes: Buffer;
  try {
    bytes = readUnlinkedFile(file, limits.mostBytes);
    limits.leftBytes -= bytes.length;
  } catch (thrown) {
    return { fault: systemWords(thrown) };
  }
  const { depth, commas } = sizeOfJson(bytes);
  if (depth > deepest) return { fault: `its JSON is nested deeper than ${deepest}` };
  if (commas > mostValues) return { fault: `it holds more than ${mostValues.toLocaleString("en")} values` };
  let data: unknown;
  try {
    data = JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""));
  } catch {
    return { fault: bytes.length === 0 ? "it is empty" : "it is not JSON, or ends too early" };
  }
  const versionFault = faultOfVersion(data, version);
  if (versionFault !== null) return { fault: versionFault };
  const first = commas > manyValues ? firstFault(schema, data, []) : null;
  if (first !== null) return { fault: first };
  const parsed = schema.safeParse(data);
  return parsed.success ? { data: parsed.data } : { fault: faultWords(parsed.error, []) };
}

/** Of the system's message only what says nothing that the caller does not say himself. */
function systemWords(thrown: unknown): string {
  if (codeOf(thrown) === "ENOENT") return "there is no such file";
  return messageOf(thrown).replace(/, \w+ '.*'$/s, "");
}

/** No document of wsrally's goes half as deep. The parser takes any depth; what writes JSON again, indented, does not. */
const deepest = 24;
/** Of 20,000 trials. */
const mostValues = 3_000_000;

/** As many values as zod may find fault with at once, half a kilobyte of memory each. */
const manyValues = 100_000;

const code = (character: string): number => character.charCodeAt(0);
const [quote, backslash, comma] = ['"', "\\", ","].map(code);
const opening = new Set(["[", "{"].map(code));
const closing = new Set(["]", "}"].map(code));

/** How deep brackets are nested, and how many values there are beside the first ones. */
function sizeOfJson(bytes: Buffer): { readonly depth: number; readonly commas: number } {
  let open = 0;
  let depth = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) at = endOfString(bytes, at);
    else if (byte === comma) commas++;
    else if (opening.has(byte)) depth = Math.max(depth, ++open);
    else if (closing.has(byte)) open--;
  }
  return { depth, commas };
}

/** The index of the closing quote, or the end where there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === backslash) at++;
    else if (byte === quote) return at;
  }
  return bytes.length;
}

function faultOfVersion(data: unknown, wanted: number): string | null {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  if (!isObject) return "it is no JSON object";
  const version = "schemaVersion" in data ? data.schemaVersion : undefined;
  if (version === wanted) return null;
  const found = typeof version === "number" ? `its schemaVersion is ${version}` : "it has no schemaVersion";
  return `${found}; want ${wanted}`;
}

type Key = PropertyKey;

/** Looks at lists value by value and stops at the first that is wrong, where zod would gather the faults of all. */
function firstFault(schema: z.ZodType, data: unknown, path: readonly Key[]): string | null {
  const inner = unwrapped(schema);
  const faultsOf = (
    entries: Iterable<readonly [Key, unknown]>,
    of: (key: Key) => z.ZodType,
  ): string | null => {
    for (const [key, value] of entries) {
      const fault = firstFault(of(key), value, [...path, key]);
      if (fault !== null) return fault;
    }
    return null;
  };
  if (inner instanceof z.ZodArray && Array.isArray(data)) {
    return faultsOf(data.entries(), () => inner.element as z.ZodType);
  }
  if (typeof data === "object" && data !== null && !Array.isArray(data)) {
    const values = data as Readonly<Record<string, unknown>>;
    if (inner instanceof z.ZodObject) {
      const shape: Readonly<Record<string, z.ZodType>> = inner.shape;
      const entries = Object.keys(shape).map((key) => [key, values[key]] as const);
      return faultsOf(entries, (key) => shape[String(key)] as z.ZodType);
    }
    if (inner instanceof z.ZodRecord)
      return faultsOf(Object.entries(values), () => inner.valueType as z.ZodType);
  }
  const parsed = schema.safeParse(data);
  return parsed.success ? null : faultWords(parsed.error, path);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const isWrapper = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return isWrapper ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

/** How the keys of our documents are spelt; others are a stranger's words. */
const ownKey = /^[A-Za-z0-9]{1,40}$/;

function faultWords({ issues: [issue] }: z.ZodError, path: readonly Key[]): string {
  const keys = [...path, ...(issue?.path ?? [])].map(String);
  const place = keys.map((key) => (ownKey.test(key) ? key : "…")).join(".");
  return place === "" ? `${issue?.message}` : `${place}: ${issue?.message}`;
}
