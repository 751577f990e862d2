/** The reference of a scenario's keys, from its JSON Schema. */
import { code, page, prose, table } from "./markdown.js";

export function scenarioPage(schema) {
  const rows = keysOf(schema, "").map(({ key, kind, text }) => [code(key), kind, prose(text)]);
  return page("Scenario keys", [
    "What a scenario file may say; [Scenarios](../scenarios.md) explains it, and `schemas/scenario.schema.json` lets an editor complete it. Keys of `workload` are flags as well: `maxSeconds` is `--max-seconds`.",
    table(["key", "value", ""], rows),
  ]);
}

function keysOf(schema, above) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, own]) => {
    const key = above + name;
    const row = { key, kind: kindOf(own), text: own.description ?? "" };
    return [row, ...keysOf(own, `${key}.`), ...itemKeys(own, key)];
  });
}

function itemKeys({ items }, key) {
  const branches = items?.anyOf ?? (items === undefined ? [] : [items]);
  return branches.flatMap((branch) => keysOf(branch, `${key}[].`));
}

function kindOf({ type, enum: choices, anyOf, items, pattern }) {
  if (choices !== undefined) return choices.map(code).join(", ");
  if (anyOf !== undefined) return [...new Set(anyOf.map(kindOf))].filter(isTelling).join(" or ");
  if (type === "array") return items === undefined ? "list" : `list of ${kindOf(items)}`;
  if (type === "object") return "map";
  if (type === "boolean") return "true, false";
  if (type === "integer" || type === "number") return "number";
  return unitOf(pattern ?? "");
}

/** A quantity is a number too, so the one says it of both. */
function isTelling(kind, _index, kinds) {
  return kind !== "number" || !kinds.some((other) => /^(time|size|rate|share|count)/.test(other));
}

/** By the units that the pattern lets through. */
function unitOf(pattern) {
  if (pattern.includes("ms")) return "time (`5s`)";
  if (pattern.includes("KiB")) return "size (`16k`)";
  if (pattern.includes("\\/s")) return "rate (`5k`)";
  if (pattern.includes("%")) return "share (`3%`)";
  if (pattern.includes("k|K|M")) return "count (`5k`)";
  return "text";
}
