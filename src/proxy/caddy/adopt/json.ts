/**
 * JSON that Caddy runs, as plain values that are changed in place.
 */
import type { JsonPath } from "../language/json-document.js";

export type Json = { [name: string]: unknown };

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands there, or an empty record that is put there. */
export function recordIn(json: Json, name: string): Json {
  const found = json[name];
  if (isRecord(found)) return found;
  const added: Json = {};
  json[name] = added;
  return added;
}

export function listIn(json: Json, name: string): unknown[] {
  const found = json[name];
  return Array.isArray(found) ? found : [];
}

/** The same record, with nothing in it. */
export function emptied(json: Json): Json {
  for (const name of Object.keys(json)) delete json[name];
  return json;
}

/** Every record below a value, outer before inner, with its path. */
export function* everyRecord(
  value: unknown,
  path: JsonPath = [],
): Generator<{ record: Json; path: JsonPath }> {
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* everyRecord(one, [...path, index]);
  } else if (isRecord(value)) {
    yield { record: value, path };
    for (const [name, one] of Object.entries(value)) yield* everyRecord(one, [...path, name]);
  }
}
