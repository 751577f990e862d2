/** What a schema finds wrong, as the house says it: where the schema has no words of its own. */
import type { z } from "zod";

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list, such as [a, b]",
  object: "keys with values, one a line",
  record: "keys with values, one a line",
};

/** For `safeParse`; undefined leaves the schema's own words. */
export const schemaWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type": {
      const wanted = `want ${kinds[issue.expected] ?? issue.expected}`;
      return issue.input === undefined ? `is missing: ${wanted}` : wanted;
    }
    case "too_small":
      return `want ${atLeast(issue.minimum, issue.origin)}`;
    case "too_big":
      return `want at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "invalid_value":
      return `want one of ${issue.values.join(", ")}`;
    case "invalid_union":
      return "want a text, or a list of texts";
    default:
      return undefined;
  }
};

function atLeast(minimum: number | bigint, origin: string): string {
  if (Number(minimum) === 1 && origin === "array") return "one of them at least";
  if (Number(minimum) === 1 && origin === "string") return "a text that is not empty";
  return `at least ${minimum}${unitOf(origin)}`;
}

function unitOf(origin: string): string {
  return origin === "string" ? " letters" : origin === "array" ? " of them" : "";
}
