/**
 * A `reverse_proxy` that was meant for the request and does not take it: its path is another, its header is compared whole,
 * or something goes before it.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import { type Block, type Directive, directiveText, words } from "../language/config-tree.js";
import { type Matchers, matchersOf, matchesWord } from "../route/matchers.js";
import { matcherLinesOf } from "../route/order.js";
import type { RouteRequest } from "../route/request.js";

export interface NearMiss {
  readonly proxy: Directive;
  readonly cause: string;
  readonly cure: string;
  readonly line: Directive;
}

/** Those of a site, the nearest first. */
export function nearMisses(site: Block, request: RouteRequest): NearMiss[] {
  return lookIn(site.lines, new Map(), request);
}

function lookIn(lines: readonly Directive[], outer: Matchers, request: RouteRequest): NearMiss[] {
  const matchers = matchersOf(lines, outer);
  return lines.flatMap((line): NearMiss[] => {
    if (line.name.startsWith("@")) return [];
    const isProxy = line.name === "reverse_proxy";
    const holds = [...(line.block ?? [])].some(({ name }) => name === "reverse_proxy");
    if (!isProxy && !holds) return line.block === null ? [] : lookIn(line.block, matchers, request);
    const missed =
      matchesWord(matcherOf(line), request, matchers) === false ? missOf(line, request, matchers) : null;
    if (missed !== null) return [missed];
    return isProxy || line.block === null ? [] : lookIn(line.block, matchers, request);
  });
}

function matcherOf({ args: [first] }: Directive): Directive["args"][number] | undefined {
  return first !== undefined && /^[/@*]/.test(first.text) ? first : undefined;
}

function missOf(line: Directive, request: RouteRequest, matchers: Matchers): NearMiss | null {
  const word = matcherOf(line)?.text ?? "";
  if (word.startsWith("/")) return missedPath(line, word, line, request);
  for (const set of matchers.get(word) ?? [])
    for (const inner of matcherLinesOf(set)) {
      const shown = { ...inner, place: inner.place };
      if (inner.name === "header") {
        const found = missedHeader(line, shown, request);
        if (found !== null) return found;
      }
      if (inner.name === "path") {
        const [path = ""] = words(inner);
        const found = missedPath(line, path, shown, request);
        if (found !== null) return found;
      }
    }
  return null;
}

function at(line: Directive): string {
  return `\`${directiveText(line)}\` at ${placeWords(line.place)}`;
}

/** A path is compared whole unless a `*` says otherwise. */
function missedPath(
  proxy: Directive,
  pattern: string,
  line: Directive,
  { path }: RouteRequest,
): NearMiss | null {
  const bare = pattern.replace(/\/?\*$/, "");
  if (bare === "" || !path.toLowerCase().startsWith(bare.toLowerCase())) return null;
  const exact = !pattern.includes("*");
  return {
    proxy,
    line,
    cause: exact
      ? `${at(line)} takes the path ${pattern} and no other: without a \`*\` a path is compared whole, and ${path} is asked for`
      : `${at(line)} takes what stands below ${bare}/, and ${path} does not`,
    cure: `the path with a \`*\` behind it:\n${line.name === "path" ? "path" : line.name} ${bare}*`,
  };
}

/** A header's value is compared whole too, letter by letter. */
function missedHeader(proxy: Directive, line: Directive, { headers }: RouteRequest): NearMiss | null {
  const [field = "", value = "*"] = words(line);
  const given = headers.get(field.toLowerCase());
  if (!/^(?:connection|upgrade)$/i.test(field)) return null;
  if (given !== undefined && valueFits(value, given)) return null;
  if (given === undefined || !given.toLowerCase().includes(value.replaceAll("*", "").toLowerCase()))
    return null;
  const wanted = /^upgrade$/i.test(field) ? "websocket" : "*Upgrade*";
  return {
    proxy,
    line,
    cause: `${at(line)} compares the whole value, letter by letter: browsers send \`${field}: ${given}\``,
    cure: `anywhere in the value:\nheader ${field} ${wanted}`,
  };
}

function valueFits(pattern: string, value: string): boolean {
  if (pattern === "*") return true;
  const inner = pattern.replace(/^\*|\*$/g, "");
  if (pattern.startsWith("*") && pattern.endsWith("*")) return value.includes(inner);
  if (pattern.startsWith("*")) return value.endsWith(inner);
  return pattern.endsWith("*") ? value.startsWith(inner) : value === pattern;
}
