/**
 * What an expression is for a request: its values, none, or nothing that can be told without running it.
 */
import { compilePattern } from "../../patterns/sample-string.js";
import { replacePattern, testPattern } from "../../patterns/test-pattern.js";
import type { Call, Expression } from "./expression.js";
import type { RouteContext, RouteRequest } from "./request.js";

/** Several where the fetch walks over several (`hdr`); null for what cannot be told. */
export type Values = readonly string[] | null;

/** What a condition compares by where it does not say: the type of the fetch. */
export type SampleType = "text" | "number" | "flag" | "address" | "method";

export function evaluate(
  { fetch, converters }: Expression,
  request: RouteRequest,
  context: RouteContext,
): Values {
  return converters.reduce<Values>(
    (values, converter) => convert(values, converter, context),
    fetched(fetch, request),
  );
}

function fetched({ name, args }: Call, request: RouteRequest): Values {
  const { url } = request;
  const bare = url === null ? null : (url.split("?")[0] ?? "/");
  switch (name) {
    case "path":
      return one(bare);
    case "url":
    case "pathq":
    case "capture.req.uri":
      return one(url);
    case "query":
      return one(url === null ? null : (url.split("?")[1] ?? ""));
    case "base":
    case "baseq": {
      const host = request.headers.get("host") ?? null;
      const rest = name === "base" ? bare : url;
      return host === null || rest === null ? null : [`${host}${rest}`];
    }
    case "method":
    case "capture.req.method":
      return [request.method];
    case "req.ver":
    case "req_ver":
      return ["1.1"];
    case "capture.req.ver":
      return ["HTTP/1.1"];
    case "src":
      return [request.source];
    case "dst_port":
      return one(request.port === null ? null : String(request.port));
    case "ssl_fc":
      return [request.tls ? "1" : "0"];
    case "ssl_fc_sni":
    case "req.ssl_sni":
    case "req_ssl_sni":
      return request.tls ? header(request, "host", false) : [];
    case "ssl_fc_has_sni":
      return [request.tls ? "1" : "0"];
    case "always_true":
    case "wait_end":
      return ["1"];
    case "always_false":
      return ["0"];
    default:
      if (counter.test(name)) return ["1"];
      return unknownCounter.test(name) ? ["0"] : fetchedHeader({ name, args }, request);
  }
}

/** Headers, cookies, parameters of the query, constants, variables; null for what is not known. */
function fetchedHeader({ name, args }: Call, request: RouteRequest): Values {
  const [first = ""] = args;
  switch (name) {
    case "hdr":
    case "req.hdr":
    case "shdr":
      return header(request, first, true);
    case "req.fhdr":
    case "fhdr":
      return header(request, first, false);
    case "hdr_cnt":
    case "req.hdr_cnt":
    case "req.fhdr_cnt": {
      const values = first === "" ? null : header(request, first, name !== "req.fhdr_cnt");
      return values === null ? null : [String(values.length)];
    }
    case "hdr_val":
    case "req.hdr_val":
      return header(request, first, true);
    case "cook":
    case "req.cook":
    case "urlp":
    case "url_param":
      return name.includes("url") ? parameter(request.url, first) : [];
    case "str":
    case "int":
    case "bool":
      return [first === "true" ? "1" : first === "false" ? "0" : first];
    case "var":
      return request.variables.get(first) ?? (request.variables.has(first) ? null : []);
    default:
      return null;
  }
}

/** What the first client finds: itself, and no rate worth the name. */
const counter =
  /^(?:sc\d?_conn_cur|sc\d?_conn_cnt|sc\d?_http_req_cnt|src_conn_cur|src_conn_cnt|fe_conn|be_conn|nbsrv)$/;
const unknownCounter =
  /^(?:sc\d?_\w+|src_(?:conn_rate|http_\w+|sess_\w+|bytes_\w+|get_gp\w+|gpc\d_\w+|updt_\w+|inc_\w+|clr_\w+)|(?:fe|be)_(?:sess_rate|req_rate|conn_free)|queue|avg_queue|connslots|table_\w+)$/;

function one(value: string | null): Values {
  return value === null ? null : [value];
}

function header({ headers }: RouteRequest, name: string, splits: boolean): Values {
  const key = name.toLowerCase();
  const value = headers.get(key);
  if (value === undefined) return [];
  if (value === null) return null;
  return splits ? value.split(",").map((part) => part.trim()) : [value];
}

function parameter(url: string | null, name: string): Values {
  if (url === null) return null;
  const found = new URLSearchParams(url.split("?")[1] ?? "").getAll(name);
  return found;
}

function convert(values: Values, { name, args }: Call, context: RouteContext): Values {
  if (values === null) return null;
  if (name.startsWith("map")) return mapped(values, { name, args }, context);
  const change = converters[name];
  if (change === undefined) return null;
  const changed = values.map((value) => change(value, args));
  return changed.includes(null) ? null : changed.filter((value) => value !== null);
}

const converters: Readonly<Record<string, (value: string, args: readonly string[]) => string | null>> = {
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  field: (value, [index = "1", separators = ""]) => {
    const parts = value.split(new RegExp(`[${separators.replace(/[\\\]^-]/g, "\\$&")}]`));
    return (Number(index) > 0 ? parts[Number(index) - 1] : parts.at(Number(index))) ?? "";
  },
  word: (value, [index = "1", separators = ""]) => {
    const parts = value.split(new RegExp(`[${separators.replace(/[\\\]^-]/g, "\\$&")}]+`)).filter(Boolean);
    return (Number(index) > 0 ? parts[Number(index) - 1] : parts.at(Number(index))) ?? "";
  },
  regsub: (value, [pattern = "", replacement = "", flags = ""]) => {
    const compiled = compilePattern(pattern, flags.replace(/[^gi]/g, ""));
    return compiled === null ? null : replacePattern(compiled, value, javaScriptReplacement(replacement));
  },
  length: (value) => String(value.length),
  strlen: (value) => String(value.length),
  host_only: (value) => value.replace(/:\d+$/, ""),
  port_only: (value) => /:(\d+)$/.exec(value)?.[1] ?? "0",
  ltrim: (value, [characters = ""]) => trimStart(value, characters),
  not: (value) => (value === "0" ? "1" : "0"),
  bool: (value) => (value === "0" ? "0" : "1"),
  concat: (value, [start = "", , end = ""]) => `${start}${value}${end}`,
};

function trimStart(value: string, characters: string): string {
  let at = 0;
  while (at < value.length && characters.includes(value[at] as string)) at++;
  return value.slice(at);
}

/** `\1` of HAProxy is `$1`, and its `$` is no more than that. */
export function javaScriptReplacement(replacement: string): string {
  return replacement.replace(/\$/g, "$$$$").replace(/\\(\d)/g, "$$$1");
}

/** `map_beg(FILE,default)`: the first line whose key fits. */
function mapped(values: Values, { name, args }: Call, { readLines }: RouteContext): Values {
  const [file = "", fallback] = args;
  const lines = readLines(file);
  const [value] = values ?? [];
  if (lines === null || value === undefined) return values === null || lines === null ? null : [];
  const kind = /^map_?(beg|end|sub|dir|dom|reg|regm|str)?/.exec(name)?.[1] ?? "str";
  for (const line of lines) {
    const [, key, target = ""] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || key.startsWith("#")) continue;
    if (matchesText(value, key, kind, false) === true) return [target];
  }
  return fallback === undefined ? [] : [fallback];
}

/** Null for a method that is not one of texts. */
export function matchesText(
  value: string,
  wanted: string,
  method: string,
  ignoresCase: boolean,
): boolean | null {
  const [text, key] = ignoresCase ? [value.toLowerCase(), wanted.toLowerCase()] : [value, wanted];
  switch (method) {
    case "str":
      return text === key;
    case "beg":
      return text.startsWith(key);
    case "end":
      return text.endsWith(key);
    case "sub":
      return text.includes(key);
    case "dir":
      return delimited(text, key, /[/?]/);
    case "dom":
      return delimited(text, key, /[/?.:]/);
    case "len":
      return text.length === Number(key);
    case "reg":
    case "regm": {
      const compiled = compilePattern(wanted, ignoresCase ? "i" : "");
      return compiled === null ? null : testPattern(compiled, value);
    }
    default:
      return null;
  }
}

/** A part between delimiters, or several of them in a row. */
function delimited(text: string, key: string, delimiter: RegExp): boolean {
  const bare = key.replace(new RegExp(`^(?:${delimiter.source})+|(?:${delimiter.source})+$`, "g"), "");
  if (bare === "") return false;
  for (let at = text.indexOf(bare); at !== -1; at = text.indexOf(bare, at + 1)) {
    const before = at === 0 || delimiter.test(text[at - 1] as string);
    const after = text[at + bare.length];
    if (before && (after === undefined || delimiter.test(after))) return true;
  }
  return false;
}
