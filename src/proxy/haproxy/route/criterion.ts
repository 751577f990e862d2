/**
 * One condition of an ACL: what it looks at, how it compares, and with what. `path_beg -i /ws /socket`.
 */
import { type Expression, parseExpression } from "./expression.js";
import type { RouteContext, RouteRequest } from "./request.js";
import { evaluate, matchesText, type Values } from "./sample.js";

/** True, false, or null where it cannot be told. */
export type Truth = boolean | null;

export interface Criterion {
  readonly expression: Expression;
  /** "str", "beg", "ip", "int" … */
  readonly method: string;
  readonly ignoresCase: boolean;
  readonly patterns: readonly string[];
  /** Files that hold further patterns, a line each. */
  readonly files: readonly string[];
}

/** Fetches that have a matching method in their name as old ACLs do: `path_beg`, `hdr_dom(host)`. */
const suffix =
  /^(path|url|base|hdr|req\.hdr|shdr|cook|req\.cook|urlp|url_param|req\.ssl_sni|ssl_fc_sni)_(beg|dir|dom|end|len|reg|sub)(?=\(|,|$)/;
const numbers =
  /(?:_cnt|_cur|_rate|_val|_port|_len|queue|slots|_free|status|nbsrv|be_conn|fe_conn|int|length|_gpc\d|_gpt\d)$/;
const flags =
  /^(?:ssl_fc|ssl_fc_has_sni|always_true|always_false|wait_end|http_auth|bool|.*_has_\w+|http_first_req|src_is_local)$/;

/** Null where the words are no condition. */
export function parseCriterion(words: readonly string[]): Criterion | null {
  const [head = "", ...rest] = words;
  const named = suffix.exec(head);
  const text = named === null ? head : `${named[1]}${head.slice(named[0].length)}`;
  const expression = parseExpression(text);
  if (expression === null) return null;
  let method = named?.[2] ?? defaultMethod(expression);
  let ignoresCase = false;
  const files: string[] = [];
  const patterns = [...rest];
  while (patterns[0]?.startsWith("-")) {
    const flag = patterns.shift();
    if (flag === "--") break;
    if (flag === "-i") ignoresCase = true;
    else if (flag === "-m") method = patterns.shift() ?? method;
    else if (flag === "-f") files.push(patterns.shift() ?? "");
    else if (flag === "-u") patterns.shift();
    else if (flag !== "-n" && flag !== "-M") {
      // A negative number, and no flag.
      patterns.unshift(flag ?? "");
      break;
    }
  }
  return { expression, method, ignoresCase, patterns, files };
}

function defaultMethod({ fetch, converters }: Expression): string {
  const name = converters.at(-1)?.name ?? fetch.name;
  if (converters.length === 0 && (name === "src" || name === "dst")) return "ip";
  if (flags.test(name)) return "bool";
  return numbers.test(name) ? "int" : "str";
}

export function judge(criterion: Criterion, request: RouteRequest, context: RouteContext): Truth {
  const { expression, method, files } = criterion;
  const values = evaluate(expression, request, context);
  if (values === null) return null;
  if (method === "found") return values.length > 0;
  if (method === "bool") return values.length > 0 && values[0] !== "0";
  const fromFiles = files.map((file) => context.readLines(file));
  if (fromFiles.includes(null)) return null;
  const patterns = [...criterion.patterns, ...fromFiles.flatMap((lines) => lines ?? [])];
  return anyOf(values, patterns, criterion);
}

function anyOf(values: Values, patterns: readonly string[], { method, ignoresCase }: Criterion): Truth {
  let truth: Truth = false;
  for (const value of values ?? []) {
    for (const one of compared(value, patterns, method, ignoresCase)) {
      if (one === true) return true;
      if (one === null) truth = null;
    }
  }
  return truth;
}

function* compared(
  value: string,
  patterns: readonly string[],
  method: string,
  ignoresCase: boolean,
): Generator<Truth> {
  if (method === "int") yield matchesNumber(Number(value), patterns);
  else if (method === "ip") for (const pattern of patterns) yield matchesAddress(value, pattern);
  else for (const pattern of patterns) yield matchesText(value, pattern, method, ignoresCase);
}

/** `gt 10`, `1:5`, `80 443`. */
function matchesNumber(value: number, patterns: readonly string[]): Truth {
  const [first = "", ...others] = patterns;
  const operator = /^(?:eq|ge|gt|le|lt)$/.test(first) ? first : "eq";
  const wanted = operator === first ? others : patterns;
  if (Number.isNaN(value)) return null;
  return wanted.some((pattern) => {
    const [low = Number.NaN, high = low] = pattern.split(":").map(Number);
    switch (operator) {
      case "ge":
        return value >= low;
      case "gt":
        return value > low;
      case "le":
        return value <= low;
      case "lt":
        return value < low;
      default:
        return value >= low && value <= high;
    }
  });
}

function matchesAddress(value: string, pattern: string): Truth {
  const [network = "", bits = "32"] = pattern.split("/");
  const [ours, theirs] = [value, network].map(numberOfAddress);
  if (ours === null || ours === undefined || theirs === null || theirs === undefined)
    return network.includes(":") ? false : null;
  const length = bits.includes(".") ? bitsOfMask(bits) : Number(bits);
  const shift = 2 ** (32 - length);
  return Math.floor(ours / shift) === Math.floor(theirs / shift);
}

function numberOfAddress(text: string): number | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(text)) return null;
  return (
    text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) * 256 ** (4 - text.split(".").length)
  );
}

function bitsOfMask(mask: string): number {
  return [...(numberOfAddress(mask) ?? 0).toString(2)].filter((bit) => bit === "1").length;
}
