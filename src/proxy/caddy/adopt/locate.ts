/**
 * Where something of the JSON that runs stands in the user's own file: JSON has a line of its own, and what Caddy made of a
 * Caddyfile is looked up by its directive.
 */
import type { Place } from "../../../diagnosis/quote.js";
import { type ConfigTree, type Directive, directivesOf } from "../language/config-tree.js";
import type { JsonDocument, JsonPath } from "../language/json-document.js";

export interface Spot {
  readonly path: JsonPath;
  /** What it is called in a Caddyfile. */
  readonly directives: readonly string[];
  /** Which of them, by a word that it has. */
  readonly word?: string;
}

/** Every place that it may come from; none where it is nowhere written. */
export type Locate = (spot: Spot) => readonly Place[];

export function locator(tree: ConfigTree, json: JsonDocument | null): Locate {
  if (json !== null) return ({ path }) => [json.placeOf(path)];
  const all = [...directivesOf(tree)];
  return ({ directives, word }) =>
    all
      .filter(({ name }) => directives.includes(name))
      .filter((line) => word === undefined || hasWord(line, word))
      .map(({ place }) => place);
}

function hasWord({ args, block }: Directive, word: string): boolean {
  return args.some(({ text }) => text === word) || (block ?? []).some((line) => hasWord(line, word));
}
