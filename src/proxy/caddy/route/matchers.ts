/**
 * Whether a request fulfils a matcher (modules/caddyhttp/matchers.go). Null where the config alone does not tell: files,
 * expressions, addresses of clients.
 */
import { type Directive, type Word, words } from "../language/config-tree.js";
import { matcherLinesOf } from "./order.js";
import type { RouteRequest } from "./request.js";

export type Verdict = boolean | null;

/** Definitions of `@name`; two of one name are two sets, of which one is enough. */
export type Matchers = ReadonlyMap<string, readonly Directive[]>;

export function matchersOf(lines: readonly Directive[], outer: Matchers = new Map()): Matchers {
  const found = new Map(outer);
  for (const name of new Set(lines.filter(({ name }) => name.startsWith("@")).map(({ name }) => name)))
    found.set(
      name,
      lines.filter((line) => line.name === name),
    );
  return found;
}

/** Of the word that stands first in a directive. */
export function matchesWord(word: Word | undefined, request: RouteRequest, matchers: Matchers): Verdict {
  if (word === undefined || (word.text === "*" && !word.quoted)) return true;
  if (word.text.startsWith("/")) return matchesPath(word.text, request.path);
  if (!word.text.startsWith("@")) return true;
  const sets = matchers.get(word.text);
  return sets === undefined ? null : anyOf(sets.map((set) => matchesSet(matcherLinesOf(set), request)));
}

/** Lines of one name are one matcher: values of `header` for one field count as one, and any of several paths. */
function matchesSet(lines: readonly Directive[], request: RouteRequest): Verdict {
  const names = new Set(lines.map(({ name }) => name));
  const verdicts = [...names].flatMap((name) => {
    const own = lines.filter((line) => line.name === name);
    if (name === "not") return own.map((line) => negated(matchesSet(matcherLinesOf(line), request)));
    if (name === "header") return headerVerdicts(own, request);
    return [matchesLines(name, own, request)];
  });
  return allOf(verdicts);
}

function matchesLines(name: string, own: readonly Directive[], request: RouteRequest): Verdict {
  const values = own.flatMap(words);
  switch (name) {
    case "path":
      return anyOf(values.map((value) => matchesPath(value, request.path)));
    case "path_regexp":
      return matchesRegexp(values.at(-1) ?? "", request.path);
    case "method":
      return values.some((value) => value.toUpperCase() === request.method);
    case "host":
      return request.host === null
        ? null
        : anyOf(values.map((value) => matchesHost(value, request.host ?? "")));
    case "protocol":
      return values.some((value) => value === (request.tls ? "https" : "http") || value === "http/1.1");
    case "header_regexp": {
      const field = values.at(-2) ?? "";
      return matchesRegexp(values.at(-1) ?? "", request.headers.get(field.toLowerCase()) ?? "");
    }
    default:
      return null;
  }
}

/** Whole paths without a case, `*` at either end or in between; `/ws*` takes `/ws` and all that begins so. */
function matchesPath(pattern: string, path: string): Verdict {
  if (pattern.includes("{")) return null;
  const [wanted, asked] = [pattern.toLowerCase(), path.toLowerCase()];
  if (wanted === "*" || wanted === "/*") return true;
  if (!wanted.includes("*")) return wanted === asked;
  const inner = wanted.slice(1, -1);
  if (inner.includes("*")) return glob(wanted, asked);
  if (wanted.startsWith("*") && wanted.endsWith("*")) return asked.includes(wanted.slice(1, -1));
  return wanted.startsWith("*") ? asked.endsWith(wanted.slice(1)) : asked.startsWith(wanted.slice(0, -1));
}

function glob(pattern: string, path: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!path.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const found = index === rest.length - 1 && part !== "" ? path.lastIndexOf(part) : path.indexOf(part, at);
    if (found < at) return false;
    at = found + part.length;
  }
  return rest.at(-1) === "" || at === path.length;
}

function matchesHost(pattern: string, host: string): Verdict {
  if (pattern.includes("{")) return null;
  const wanted = pattern.toLowerCase().replace(/:\d+$/, "");
  if (!wanted.includes("*")) return wanted === host;
  const [ours, theirs] = [wanted.split("."), host.split(".")];
  return ours.length === theirs.length && ours.every((part, index) => part === "*" || part === theirs[index]);
}

/** Of one field any value; of several fields all; `!Field` for one that is not there. */
function headerVerdicts(own: readonly Directive[], { headers }: RouteRequest): Verdict[] {
  const fields = new Map<string, string[]>();
  for (const line of own) {
    const [field = "", value = "*"] = words(line);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return [...fields].map(([field, values]) => {
    if (field.startsWith("!")) return !headers.has(field.slice(1).toLowerCase());
    const given = headers.get(field.toLowerCase());
    return given !== undefined && values.some((value) => matchesValue(value, given));
  });
}

/** A whole value, letter by letter; `*` at its ends stands for anything. */
function matchesValue(pattern: string, value: string): boolean {
  if (pattern === "*") return true;
  if (pattern.startsWith("*") && pattern.endsWith("*")) return value.includes(pattern.slice(1, -1));
  if (pattern.startsWith("*")) return value.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

/** Longer ones, and what may take for ever, are left untold. */
function matchesRegexp(pattern: string, text: string): Verdict {
  if (pattern.length > 200 || /\)[*+{]|\(\?[^:i]/.test(pattern)) return null;
  const flags = pattern.startsWith("(?i)") ? "i" : "";
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ""), flags).test(text);
  } catch {
    // Go's syntax is not quite JavaScript's.
    return null;
  }
}

function negated(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

export function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(null) ? null : false;
}

function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}
