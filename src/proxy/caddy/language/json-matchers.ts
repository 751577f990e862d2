/**
 * A set of matchers of a JSON config as lines of a named matcher.
 */
import type { Directive } from "./config-tree.js";
import { type JsonNode, lineOf, nodeOf } from "./json-handlers.js";

export function matcherLines(match: JsonNode): Directive[] {
  const value = recordOf(match);
  return Object.keys(value).flatMap((name): Directive[] => {
    const node = nodeOf(match, name);
    if (name === "not")
      return listOf(node).map((_, index) => ({
        ...lineOf(node, "not", []),
        block: matcherLines(nodeOf(node, index)),
      }));
    if (name === "header" || name === "vars" || name === "query")
      return Object.entries(recordOf(node)).flatMap(([field, values]) =>
        (Array.isArray(values) ? values : [null]).map((one) => {
          const isAbsent = values === null;
          return lineOf(node, name, isAbsent ? [`!${field}`] : [field, String(one ?? "*")]);
        }),
      );
    if (name === "path_regexp" || name === "header_regexp") {
      const { pattern = "" } = recordOf(node);
      return [lineOf(node, name, [String(pattern)])];
    }
    return [
      lineOf(node, name, [...listOf(node).map(String), ...Object.values(recordOf(node)).flat().map(String)]),
    ];
  });
}

function recordOf({ value }: JsonNode): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function listOf({ value }: JsonNode): readonly unknown[] {
  return Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
}
