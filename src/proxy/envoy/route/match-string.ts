/**
 * Envoy's matchers of texts: of a header, a query parameter, a path. Null for what cannot be told without running it.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { testPattern } from "../../patterns/test-pattern.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { isTrueAt, nodeAt, numberAt, textAt } from "../language/config-node.js";

export type Truth = boolean | null;

/** A `StringMatcher`: exact, prefix, suffix, contains, safe_regex, each with or without case. */
function matchesString(matcher: ConfigNode, text: string): Truth {
  const ignoresCase = isTrueAt(matcher, "ignore_case");
  const fold = (word: string): string => (ignoresCase ? word.toLowerCase() : word);
  const subject = fold(text);
  for (const [name, holds] of tests) {
    const wanted = textAt(matcher, name);
    if (wanted !== null) return holds(subject, fold(wanted));
  }
  const regex = nodeAt(matcher, "safe_regex");
  return regex === null ? null : matchesRegex(regex, text);
}

const tests: readonly (readonly [string, (subject: string, wanted: string) => boolean])[] = [
  ["exact", (subject, wanted) => subject === wanted],
  ["prefix", (subject, wanted) => subject.startsWith(wanted)],
  ["suffix", (subject, wanted) => subject.endsWith(wanted)],
  ["contains", (subject, wanted) => subject.includes(wanted)],
];

/** RE2 matches the whole of a text. */
export function matchesRegex(regex: ConfigNode, text: string): Truth {
  const pattern = compilePattern(`^(?:${textAt(regex, "regex") ?? ""})$`, "");
  return pattern === null ? null : testPattern(pattern, text);
}

/** A `HeaderMatcher`; the older fields of its own are taken too. */
export function matchesHeader(matcher: ConfigNode, headers: ReadonlyMap<string, string>): Truth {
  const value = headers.get((textAt(matcher, "name") ?? "").toLowerCase()) ?? null;
  const isInverted = isTrueAt(matcher, "invert_match");
  const found = holds(matcher, value);
  return found === null ? null : found !== isInverted;
}

function holds(matcher: ConfigNode, value: string | null): Truth {
  const present = textAt(matcher, "present_match");
  if (present !== null) return (value !== null) === (present === "true");
  const isEmptyTaken = isTrueAt(matcher, "treat_missing_header_as_empty");
  const text = value ?? (isEmptyTaken ? "" : null);
  const range = nodeAt(matcher, "range_match");
  const string = nodeAt(matcher, "string_match") ?? oldMatcher(matcher);
  if (range === null && string === null) return value !== null;
  if (text === null) return false;
  if (range !== null) {
    const number = Number(text);
    return number >= (numberAt(range, "start") ?? 0) && number < (numberAt(range, "end") ?? 0);
  }
  return string === null ? null : matchesString(string, text);
}

/** `exact_match: x` of before 1.20 is `string_match: {exact: x}`. */
function oldMatcher(matcher: ConfigNode): ConfigNode | null {
  for (const name of ["exact", "prefix", "suffix", "contains", "safe_regex"]) {
    const value = nodeAt(matcher, `${name}_match`);
    if (value !== null)
      return { kind: "map", place: matcher.place, entries: [{ key: name, value, place: matcher.place }] };
  }
  return null;
}

export function matchesQuery(matcher: ConfigNode, parameters: URLSearchParams): Truth {
  const value = parameters.get(textAt(matcher, "name") ?? "");
  const present = textAt(matcher, "present_match");
  if (present !== null) return (value !== null) === (present === "true");
  const string = nodeAt(matcher, "string_match");
  if (string === null) return value !== null;
  return value === null ? false : matchesString(string, value);
}

/** Of several conditions that all have to hold. */
export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}
