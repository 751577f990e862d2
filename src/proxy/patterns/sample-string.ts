/**
 * A string that a regular expression of a config matches, found by writing down its shortest reading. Enough for the
 * patterns of locations and server names; null for what it does not know (look-arounds, back references).
 */
import { testPattern } from "./test-pattern.js";

interface Cursor {
  readonly source: string;
  at: number;
  /** Opened so far. */
  groups: number;
}

/** No path or name is longer, and no honest pattern has more groups. */
const longestSample = 2048;
const mostGroups = 200;

/** Thrown inwards only: a form that no sample is made for. */
class UnknownForm extends Error {}

const classSamples: Readonly<Record<string, string>> = { d: "1", w: "a", s: " ", D: "a", W: "-", S: "a" };
/** Tried in turn for a negated class. */
const plainCharacters = "a1-_/.";

/** @param start what every such string begins with where the pattern does not say: `/` for a path */
export function sampleString(pattern: string, flags: string, start: string): string | null {
  const compiled = compilePattern(pattern, flags);
  if (compiled === null) return null;
  try {
    const cursor = { source: pattern.replace(/^\(\?i\)/, ""), at: 0, groups: 0 };
    const sample = alternatives(cursor);
    if (cursor.at < cursor.source.length) return null;
    const whole = sample.startsWith(start) ? sample : `${start}${sample}`;
    return testPattern(compiled, whole) && !/[\s"\\]/.test(whole) ? whole : null;
  } catch (thrown) {
    if (thrown instanceof UnknownForm) return null;
    throw thrown;
  }
}

/** PCRE's forms that JavaScript writes differently are translated; null for those that it does not have. */
export function compilePattern(pattern: string, flags: string): RegExp | null {
  const ignoresCase = pattern.startsWith("(?i)");
  const source = pattern
    .replace(/^\(\?i\)/, "")
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replace(/\\[zZ]/g, "$");
  try {
    return new RegExp(source, ignoresCase && flags === "" ? "i" : flags);
  } catch {
    return null;
  }
}

/** The first alternative stands for all. */
function alternatives(cursor: Cursor): string {
  const first = sequence(cursor);
  while (cursor.source[cursor.at] === "|") {
    cursor.at++;
    sequence(cursor);
  }
  return first;
}

function sequence(cursor: Cursor): string {
  let sample = "";
  while (cursor.at < cursor.source.length && !"|)".includes(cursor.source[cursor.at] as string)) {
    const one = atom(cursor);
    const count = leastCount(cursor);
    if (one.length * count > longestSample) throw new UnknownForm();
    sample += one.repeat(count);
    if (sample.length > longestSample) throw new UnknownForm();
  }
  return sample;
}

function atom(cursor: Cursor): string {
  const character = cursor.source[cursor.at++] as string;
  switch (character) {
    case "^":
    case "$":
      return "";
    case ".":
      return "a";
    case "\\":
      return escaped(cursor);
    case "[":
      return oneOfClass(cursor);
    case "(":
      return group(cursor);
    default:
      return character;
  }
}

function escaped(cursor: Cursor): string {
  const letter = cursor.source[cursor.at++] ?? "";
  if ("bAzZ".includes(letter)) return "";
  const sample = classSamples[letter];
  if (sample !== undefined) return sample;
  if (/[A-Za-z0-9]/.test(letter)) throw new UnknownForm();
  return letter;
}

function oneOfClass(cursor: Cursor): string {
  const body = cursor.source.slice(cursor.at).match(/^\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]/)?.[0];
  if (body === undefined) throw new UnknownForm();
  cursor.at += body.length;
  const matcher = compilePattern(`^[${body}$`, "");
  const first = /^[A-Za-z0-9]/.test(body) ? (body[0] as string) : undefined;
  const found = first ?? [...plainCharacters].find((character) => matcher?.test(character));
  if (found === undefined) throw new UnknownForm();
  return found;
}

function group(cursor: Cursor): string {
  if (++cursor.groups > mostGroups) throw new UnknownForm();
  const opening = cursor.source.slice(cursor.at).match(/^\?(?::|P?<\w+>|'\w+')/)?.[0];
  if (opening !== undefined) cursor.at += opening.length;
  else if (cursor.source[cursor.at] === "?") throw new UnknownForm();
  const sample = alternatives(cursor);
  if (cursor.source[cursor.at++] !== ")") throw new UnknownForm();
  return sample;
}

/** How often a quantifier wants its atom at least. */
function leastCount(cursor: Cursor): number {
  const quantifier = cursor.source.slice(cursor.at).match(/^(?:[*+?]|\{(\d*),?\d*\})[?+]?/);
  if (quantifier === null) return 1;
  cursor.at += quantifier[0].length;
  if (quantifier[1] !== undefined) return Number(quantifier[1]);
  return quantifier[0].startsWith("+") ? 1 : 0;
}
