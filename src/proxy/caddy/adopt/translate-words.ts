/**
 * Caddy's words about a copy, told of the user's own file and line.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { JsonDocument } from "../language/json-document.js";
import type { PrintedConfig } from "../language/print-config.js";

interface Copy {
  readonly printed: PrintedConfig;
  /** The copy's name. */
  readonly fileName: string;
  /** As the user named it. */
  readonly file: string;
}

/** "…, at adapted.caddyfile:7 import chain: ['']", or "adapted.caddyfile:7: …". */
export function translatePlaces(words: string, { printed, fileName, file }: Copy): string {
  return words
    .replace(/ import chain: \['?'?\]/, "")
    .replace(new RegExp(`(?:[^\\s:]*/)?${fileName.replace(".", "\\.")}:(\\d+)`, "g"), (_, line: string) => {
      const place = printed.places[Number(line) - 1] ?? null;
      return place === null ? `${file} (a line that wsrally added)` : placeWords(place);
    })
    .replaceAll(fileName, file);
}

/**
 * Where in a JSON config that is which Caddy tells by numbers: "server a: setting up route handlers: route 0: loading handler
 * modules: position 1: … unknown field "x"". Null where it tells of no server.
 */
export function placeInJson(words: string, json: JsonDocument): Place | null {
  const path: (string | number)[] = [];
  for (const [, server, route, position, field] of words.matchAll(
    /\bserver ([^\s:]+):|\broute (\d+):|\bposition (\d+):|\bunknown field "([^"]+)"/g,
  )) {
    if (server !== undefined) path.push("apps", "http", "servers", server);
    else if (route !== undefined) path.push("routes", Number(route));
    else if (position !== undefined) path.push("handle", Number(position));
    else if (field !== undefined) path.push(field);
  }
  return path[0] === "apps" ? json.placeOf(path) : null;
}
