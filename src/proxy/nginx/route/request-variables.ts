/**
 * What a config's variables hold in an opening handshake, as far as that can be told before one is sent: for its `if`s,
 * rewrites and maps.
 */

import type { AskedRequest } from "../../../diagnosis/symptom.js";
import { compilePattern } from "../../patterns/sample-string.js";
import { matchPattern } from "../../patterns/test-pattern.js";
import { type Directive, walk } from "../language/nginx-tree.js";

/** A request on its way through a config, which may change its path and set variables. */
export interface RequestState {
  readonly tree: readonly Directive[];
  readonly asked: AskedRequest;
  path: string;
  args: string;
  /** Of the last regular expression that matched. */
  captures: readonly (string | undefined)[];
  /** By `set`; null for what is not known. */
  readonly sets: Map<string, string | null>;
}

export function createState(tree: readonly Directive[], asked: AskedRequest): RequestState {
  const [path = "/", ...query] = asked.path.split("?");
  return { tree, asked, path, args: query.join("?"), captures: [], sets: new Map() };
}

/** A map may name a variable of another map; none does so without end. */
const mostNested = 10;

/** Null where something in it is not known. */
export function expand(state: RequestState, text: string, depth = 0): string | null {
  let isKnown = true;
  const filled = text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const value = variableValue(state, (braced ?? bare ?? "").toLowerCase(), depth);
    if (value === null) isKnown = false;
    return value ?? "";
  });
  return isKnown ? filled : null;
}

function variableValue(state: RequestState, name: string, depth: number): string | null {
  if (/^\d$/.test(name)) return state.captures[Number(name)] ?? "";
  if (state.sets.has(name)) return state.sets.get(name) ?? null;
  return ownValue(state, name) ?? mapped(state, name, depth);
}

function ownValue({ path, args, asked }: RequestState, name: string): string | null {
  const { host, tls, connection } = asked;
  const values: Readonly<Record<string, string | null>> = {
    uri: path,
    document_uri: path,
    request_uri: asked.path,
    args,
    query_string: args,
    is_args: args === "" ? "" : "?",
    request_method: "GET",
    server_protocol: "HTTP/1.1",
    http_upgrade: "websocket",
    http_connection: connection,
    http_sec_websocket_version: "13",
    host,
    http_host: host,
    server_name: host,
    scheme: tls ? "https" : "http",
    https: tls ? "on" : "",
  };
  if (name.startsWith("arg_")) return argument(args, name.slice("arg_".length));
  return values[name] ?? null;
}

function argument(args: string, name: string): string {
  const found = args.split("&").find((one) => one.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

function mapped(state: RequestState, name: string, depth: number): string | null {
  if (depth > mostNested) return null;
  const map = [...walk(state.tree)].find(
    ({ node }) => node.name === "map" && node.args[1]?.toLowerCase() === `$${name}`,
  )?.node;
  const source = map === undefined ? null : expand(state, map.args[0] ?? "", depth + 1);
  if (map === undefined || source === null) return null;
  const lines = map.block ?? [];
  const exact = lines.find((line) => line.name.toLowerCase() === source.toLowerCase());
  const found =
    exact ??
    lines.find((line) => line.name.startsWith("~") && matches(line.name, source)) ??
    lines.find((line) => line.name === "default");
  return found === undefined ? "" : expand(state, found.args[0] ?? "", depth + 1);
}

function matches(written: string, text: string): boolean {
  const pattern = compilePattern(written.replace(/^~\*?/, ""), written.startsWith("~*") ? "i" : "");
  return pattern !== null && matchPattern(pattern, text) !== null;
}

/** Whether an `if` holds; null where that is not known. Files are taken not to be there. */
export function holds(state: RequestState, { args }: Directive): boolean | null {
  const [first = "", operator = "", ...rest] = args
    .join(" ")
    .replace(/^\(\s*|\s*\)$/g, "")
    .split(/\s+/);
  if (/^!?-[fdex]$/.test(first)) return first.startsWith("!");
  const value = expand(state, first);
  if (value === null) return null;
  if (operator === "") return value !== "" && value !== "0";
  const wanted = rest.join(" ").replace(/^(["'])(.*)\1$/, "$2");
  switch (operator) {
    case "=":
    case "!=": {
      const expected = expand(state, wanted);
      return expected === null ? null : (value === expected) === (operator === "=");
    }
    case "~":
    case "~*":
    case "!~":
    case "!~*": {
      const pattern = compilePattern(wanted, operator.endsWith("*") ? "i" : "");
      if (pattern === null) return null;
      const found = matchPattern(pattern, value);
      if (found !== null) state.captures = found;
      return (found !== null) !== operator.startsWith("!");
    }
    default:
      return null;
  }
}
