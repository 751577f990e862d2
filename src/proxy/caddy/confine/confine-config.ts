/**
 * The wall around a stranger's config: it is looked at as it is about to run, and what is not known to be harmless is
 * refused with its place.
 */
import { UsageError } from "../../../base/errors.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { Adoption } from "../adopt/adoption.js";
import { isRecord, type Json } from "../adopt/json.js";
import { directivesOf } from "../language/config-tree.js";
import type { JsonPath } from "../language/json-document.js";
import type { ReadConfig } from "../language/read-config.js";
import { httpShape, type Shape } from "./shapes.js";

interface Wall {
  readonly read: ReadConfig;
  readonly adoption: Adoption;
}

/** @throws UsageError */
export function confineConfig(config: Json, read: ReadConfig, adoption: Adoption): void {
  const http = isRecord(config.apps) ? config.apps.http : undefined;
  check(http, httpShape, ["apps", "http"], { read, adoption });
}

function check(value: unknown, shape: Shape, path: JsonPath, wall: Wall): void {
  if (value === undefined || value === null) return;
  if (shape === "plain") {
    checkPlain(value, path, wall);
    return;
  }
  switch (shape.kind) {
    case "one-of":
      if (!shape.values.includes(String(value))) throw refused(String(value), path, wall);
      return;
    case "dial":
      if (!/^(?:@wsrally-backend-(?:\d+|tls)@|127\.0\.0\.1:@wsrally-port-\d+@)$/.test(String(value)))
        throw refused(String(value), path, wall);
      return;
    case "expression":
      checkExpression(value, path, wall);
      return;
    case "list":
      if (!Array.isArray(value)) throw refused(lastName(path), path, wall);
      for (const [index, one] of value.entries()) check(one, shape.of(), [...path, index], wall);
      return;
    default:
      checkRecord(value, shape, path, wall);
  }
}

function checkRecord(
  value: unknown,
  shape: Extract<Shape, { kind: "record" | "map" | "module" }>,
  path: JsonPath,
  wall: Wall,
): void {
  if (!isRecord(value)) throw refused(lastName(path), path, wall);
  if (shape.kind === "module") {
    const name = String(value[shape.key]);
    const known = Object.hasOwn(shape.shapes, name) ? shape.shapes[name] : undefined;
    if (known === undefined) throw refused(name, path, wall);
    check(value, known(), path, wall);
    return;
  }
  for (const [name, one] of Object.entries(value)) {
    checkText(name, [...path, name], wall);
    const known =
      shape.kind === "map" ? shape.of : Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined;
    if (known === undefined) throw refused(name, [...path, name], wall);
    check(one, known(), [...path, name], wall);
  }
}

function checkPlain(value: unknown, path: JsonPath, wall: Wall): void {
  if (typeof value === "string") checkText(value, path, wall);
  else if (typeof value === "object" && value !== null)
    for (const [name, one] of Object.entries(value)) {
      checkText(name, [...path, name], wall);
      checkPlain(one, [...path, name], wall);
    }
}

/** Of placeholders those of the request, of the time and of the environment, which holds nothing here. */
function checkText(text: string, path: JsonPath, wall: Wall): void {
  for (const [whole, family = ""] of text.matchAll(/\{\s*([A-Za-z_][\w-]*)\.[^}]*/g))
    if (!/^(?:http|time|env)$/.test(family)) throw refused(`${whole}}`, path, wall, whole);
}

/** Functions of a request alone: `file(…)` looks at the disk. */
const functions = new Set([
  ...["path", "path_regexp", "host", "header", "header_regexp", "method", "protocol", "query", "remote_ip"],
  ...[
    "client_ip",
    "vars",
    "vars_regexp",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "size",
    "string",
    "int",
  ],
  ...["ph", "req", "has", "in", "lowerAscii", "upperAscii", "exists", "all"],
]);

function checkExpression(value: unknown, path: JsonPath, wall: Wall): void {
  const text = isRecord(value) ? String(value.expr ?? "") : String(value);
  checkText(text, path, wall);
  for (const [, name = ""] of text.matchAll(/([A-Za-z_]\w*)\s*\(/g))
    if (!functions.has(name)) throw refused(`${name}(…)`, path, wall);
}

function lastName(path: JsonPath): string {
  return (
    path
      .filter((part) => typeof part === "string")
      .at(-1)
      ?.toString() ?? "it"
  );
}

/** @param written what stands so in the user's file, where that is not its name */
function refused(what: string, path: JsonPath, { read, adoption }: Wall, written?: string): UsageError {
  const place = placeOf(what, path, read, adoption, written);
  return new UsageError(
    `Cannot adopt ${place === null ? adoption.file : placeWords(place)}: what \`${what}\` does is not known to be harmless, ` +
      "and a gate takes a config for a stranger's; take it out",
  );
}

function placeOf(
  what: string,
  path: JsonPath,
  { json, tree }: ReadConfig,
  adoption: Adoption,
  written?: string,
): Place | null {
  if (json !== null) return json.placeOf(path);
  const [found] = adoption.locate({ path, directives: [what] });
  if (found !== undefined) return found;
  const bare = (written ?? what).replace(/^\{/, "");
  for (const { name, args, place } of directivesOf(tree))
    if (name.includes(bare) || args.some(({ text }) => text.includes(bare))) return place;
  return null;
}
