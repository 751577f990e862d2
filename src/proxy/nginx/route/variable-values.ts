/**
 * What a variable of a config can hold, where the config itself says so: literal `set`s, and `map`s and
 * `split_clients` with literal results.
 */
import { type Directive, walk } from "../language/nginx-tree.js";

const choosers = new Set(["map", "split_clients", "geo"]);
/** Lines of such a block that are no pair of key and result. */
const blockSettings = new Set([
  "hostnames",
  "volatile",
  "include",
  "ranges",
  "proxy",
  "delete",
  "proxy_recursive",
]);

/** Null when some value is known at a request only, or the config defines no such variable. */
export function literalValues(tree: readonly Directive[], variable: string): readonly string[] | null {
  const values = valuesOf({ tree, steps: 0 }, variable, new Set());
  return values === null || values.length === 0 ? null : [...new Set(values)];
}

/** More names on the way than any config needs: maps that name each other double with every step. */
const mostSteps = 1000;

interface Search {
  readonly tree: readonly Directive[];
  steps: number;
}

function valuesOf(search: Search, variable: string, seen: ReadonlySet<string>): readonly string[] | null {
  // Two variables that name each other have no value at all.
  if (seen.has(variable) || ++search.steps > mostSteps) return null;
  const { tree } = search;
  const texts: string[] = [];
  for (const { node } of walk(tree)) {
    if (node.name === "set" && node.args[0] === variable) texts.push(node.args[1] ?? "");
    if (choosers.has(node.name) && node.args.at(-1) === variable) texts.push(...resultsOf(node));
  }
  if (texts.length === 0) return null;
  const known = texts.map((text) => expand(search, text, new Set([...seen, variable])));
  return known.includes(null) ? null : known.flatMap((values) => values ?? []);
}

function resultsOf({ block }: Directive): string[] {
  return (block ?? [])
    .filter(({ name, args }) => args.length > 0 && !blockSettings.has(name))
    .map(({ args }) => args[0] ?? "");
}

/** A text that is a literal, or one variable alone. */
function expand(search: Search, text: string, seen: ReadonlySet<string>): readonly string[] | null {
  if (!text.includes("$")) return [text];
  const alone = text.match(/^\$\{?(\w+)\}?$/)?.[1];
  return alone === undefined ? null : valuesOf(search, `$${alone}`, seen);
}
