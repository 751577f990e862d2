/**
 * Conditions of `.if` and `.elif`: what HAProxy can say of itself before it reads on (cfgcond.c).
 */
import { compareVersions } from "../../program/program-spec.js";
import type { ReadVariable } from "./words.js";

/** What a condition may ask for; null where no program was found. */
export interface HaproxyBuild {
  readonly version: string;
  /** Its `-vv`, which lists features and the TLS library. */
  readonly build: string;
}

export interface ConditionContext {
  readonly readVariable: ReadVariable;
  readonly program: HaproxyBuild | null;
}

/** A condition that HAProxy would refuse. */
export class ConditionError extends Error {}

interface Cursor {
  readonly text: string;
  at: number;
  readonly context: ConditionContext;
  depth: number;
}

/** Brackets within brackets; HAProxy itself stops a little later. */
const deepest = 100;

/** @throws ConditionError for what is no condition */
export function evaluateCondition(text: string, context: ConditionContext): boolean {
  const cursor: Cursor = { text: text.trim(), at: 0, context, depth: 0 };
  if (cursor.text === "") return false;
  const value = either(cursor);
  if (cursor.at < cursor.text.length)
    throw new ConditionError(`unparsable condition '${cursor.text.slice(cursor.at)}'`);
  return value;
}

function either(cursor: Cursor): boolean {
  let value = both(cursor);
  while (take(cursor, /^\s*\|\|\s*/y)) value = both(cursor) || value;
  return value;
}

function both(cursor: Cursor): boolean {
  let value = term(cursor);
  while (take(cursor, /^\s*&&\s*/y)) value = term(cursor) && value;
  return value;
}

function term(cursor: Cursor): boolean {
  take(cursor, /\s*/y);
  if (take(cursor, /!/y)) return !term(cursor);
  if (take(cursor, /\(/y)) {
    if (++cursor.depth > deepest) throw new ConditionError("too many brackets");
    const value = either(cursor);
    if (!take(cursor, /\s*\)/y)) throw new ConditionError("missing closing parenthesis");
    cursor.depth--;
    return value;
  }
  const number = take(cursor, /-?\d+/y);
  if (number !== null) return Number(number) !== 0;
  const call = take(cursor, /[a-z_]+\(/y);
  if (call === null) throw new ConditionError(`unparsable condition '${cursor.text.slice(cursor.at)}'`);
  const inner = take(cursor, /[^()]*\)/y);
  if (inner === null) throw new ConditionError(`missing closing parenthesis after '${call}'`);
  return predicate(call.slice(0, -1), inner.slice(0, -1), cursor.context);
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  const sticky = new RegExp(pattern.source.replace(/^\^/, ""), "y");
  sticky.lastIndex = cursor.at;
  const match = sticky.exec(cursor.text);
  if (match === null) return null;
  cursor.at += match[0].length;
  return match[0] === "" ? null : match[0];
}

function predicate(name: string, inner: string, { readVariable, program }: ConditionContext): boolean {
  const args = inner.split(",").map((word) => word.trim().replace(/^(["'])(.*)\1$/s, "$2"));
  const [first = "", second = ""] = args;
  switch (name) {
    case "defined":
      return readVariable(first) !== null;
    case "streq":
      return first === second;
    case "strneq":
      return first !== second;
    case "strstr":
      return first.includes(second);
    case "feature":
      return features(program).has(first.toUpperCase());
    case "version_atleast":
      return compareVersions(program?.version ?? usualVersion, first) >= 0;
    case "version_before":
      return compareVersions(program?.version ?? usualVersion, first) < 0;
    case "openssl_version_atleast":
      return compareVersions(tlsVersion(program), first) >= 0;
    case "openssl_version_before":
      return compareVersions(tlsVersion(program), first) < 0;
    case "ssllib_name_startswith":
      return tlsLibrary(program).startsWith(first);
    case "enabled":
      return true;
    case "awslc_api_atleast":
    case "awslc_api_before":
      return false;
    default:
      throw new ConditionError(`unknown predicate '${name}'`);
  }
}

/** Where no program was found: of the release that wsrally fetches. */
const usualVersion = "2.8";

function features(program: HaproxyBuild | null): ReadonlySet<string> {
  const listed = /^Feature list : (.*)$/m.exec(program?.build ?? "")?.[1] ?? "";
  return new Set(listed.split(" ").flatMap((word) => (word.startsWith("+") ? [word.slice(1)] : [])));
}

function tlsLibrary(program: HaproxyBuild | null): string {
  return /^Running on OpenSSL version : (.*)$/m.exec(program?.build ?? "")?.[1] ?? "";
}

function tlsVersion(program: HaproxyBuild | null): string {
  return /(\d+\.\d+\.\d+)/.exec(tlsLibrary(program))?.[1] ?? "0";
}
