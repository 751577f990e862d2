/**
 * A handler of a JSON config as lines of a Caddyfile.
 */
import type { Directive, Word } from "./config-tree.js";
import type { JsonDocument, JsonPath } from "./json-document.js";

/** A value and where it stands. */
export interface JsonNode {
  readonly json: JsonDocument;
  readonly path: JsonPath;
  readonly value: unknown;
}

/** What stands below a value; its own is undefined where there is nothing. */
export function nodeOf({ json, path, value }: JsonNode, ...below: JsonPath): JsonNode {
  const found = below.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[key] : undefined,
    value,
  );
  return { json, path: [...path, ...below], value: found };
}

export function wordOf({ json, path }: JsonNode, text: string): Word {
  return { text, quoted: false, place: json.placeOf(path) };
}

export function lineOf(node: JsonNode, name: string, args: readonly string[]): Directive {
  return {
    name,
    args: args.map((text) => wordOf(node, text)),
    block: null,
    place: node.json.placeOf(node.path),
  };
}

type Routes = (routes: JsonNode) => Directive[];

/** Of what has another name in a Caddyfile, or words behind its name. */
export function handlerLines(handler: JsonNode, routes: Routes): Directive[] {
  const text = (key: string): string | null => {
    const { value } = nodeOf(handler, key);
    return value === undefined || value === null ? null : String(value);
  };
  const name = text("handler") ?? "";
  switch (name) {
    case "subroute":
      return [{ ...lineOf(handler, "route", []), block: routes(nodeOf(handler, "routes")) }];
    case "static_response":
      return [staticResponse(handler, text)];
    case "error":
      return [lineOf(handler, "error", [text("status_code") ?? "500"])];
    case "authentication":
      return [lineOf(handler, "basic_auth", [])];
    case "headers":
      return [
        ...headerLines(nodeOf(handler, "request"), "request_header"),
        ...headerLines(nodeOf(handler, "response"), "header"),
      ];
    case "rewrite":
      return rewriteLines(handler, text);
    case "encode":
      return [lineOf(handler, "encode", Object.keys(recordAt(handler, "encodings")))];
    case "vars":
      return text("root") === null
        ? []
        : [lineOf(nodeOf(handler, "root"), "root", ["*", text("root") ?? ""])];
    case "reverse_proxy":
      return [reverseProxy(handler)];
    default:
      return [lineOf(handler, name, [])];
  }
}

function staticResponse(handler: JsonNode, text: (key: string) => string | null): Directive {
  if (text("abort") === "true") return lineOf(handler, "abort", []);
  const status = text("status_code");
  const location = recordAt(handler, "headers").Location;
  if (Array.isArray(location)) return lineOf(handler, "redir", [String(location[0]), status ?? "302"]);
  return lineOf(
    handler,
    "respond",
    [text("body"), status].filter((word) => word !== null),
  );
}

function rewriteLines(handler: JsonNode, text: (key: string) => string | null): Directive[] {
  const strip = text("strip_path_prefix");
  const uri = text("uri");
  return [
    ...(strip === null ? [] : [lineOf(handler, "uri", ["strip_prefix", strip])]),
    ...(uri === null ? [] : [lineOf(handler, "rewrite", [uri])]),
  ];
}

/** `set`, `add` and `delete` with the signs that a Caddyfile has for them. */
function headerLines(operations: JsonNode, name: string): Directive[] {
  const removed = nodeOf(operations, "delete").value;
  const lines = (kind: "set" | "add", sign: string): Directive[] =>
    Object.entries(recordAt(operations, kind)).map(([field, values]) =>
      lineOf(nodeOf(operations, kind, field), name, [
        `${sign}${field}`,
        ...(Array.isArray(values) ? values.map(String) : []),
      ]),
    );
  return [
    ...(Array.isArray(removed)
      ? removed.map((field) => lineOf(nodeOf(operations, "delete"), name, [`-${field}`]))
      : []),
    ...lines("set", ""),
    ...lines("add", "+"),
  ];
}

const plainKeys = [
  ...["flush_interval", "stream_timeout", "stream_close_delay", "request_buffers", "response_buffers"],
  ...["buffer_requests", "buffer_responses"],
];

function reverseProxy(handler: JsonNode): Directive {
  const upstreams = nodeOf(handler, "upstreams");
  const transport = nodeOf(handler, "transport");
  const isSecure = nodeOf(transport, "tls").value !== undefined;
  const args = (Array.isArray(upstreams.value) ? upstreams.value : []).map((_, index) => {
    const node = nodeOf(upstreams, index, "dial");
    return wordOf(node, `${isSecure ? "https://" : ""}${String(node.value)}`);
  });
  const block = [
    ...plainKeys.flatMap((key) => {
      const node = nodeOf(handler, key);
      return node.value === undefined ? [] : [lineOf(node, key, [String(node.value)])];
    }),
    ...headerLines(nodeOf(handler, "headers", "request"), "header_up"),
    ...headerLines(nodeOf(handler, "headers", "response"), "header_down"),
    ...transportLines(transport),
  ];
  return { name: "reverse_proxy", args, block, place: handler.json.placeOf(handler.path) };
}

function transportLines(transport: JsonNode): Directive[] {
  if (transport.value === undefined) return [];
  const lines = [
    "read_timeout",
    "write_timeout",
    "response_header_timeout",
    "dial_timeout",
    "versions",
  ].flatMap((key) => {
    const node = nodeOf(transport, key);
    const values = Array.isArray(node.value) ? node.value : [node.value];
    return node.value === undefined ? [] : [lineOf(node, key, values.map(String))];
  });
  const tls = nodeOf(transport, "tls");
  const insecure = nodeOf(tls, "insecure_skip_verify");
  return [
    {
      ...lineOf(transport, "transport", [String(nodeOf(transport, "protocol").value ?? "http")]),
      block: [
        ...lines,
        ...(tls.value === undefined ? [] : [lineOf(tls, "tls", [])]),
        ...(insecure.value === true ? [lineOf(insecure, "tls_insecure_skip_verify", [])] : []),
      ],
    },
  ];
}

function recordAt(node: JsonNode, ...path: JsonPath): Record<string, unknown> {
  const { value } = nodeOf(node, ...path);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
