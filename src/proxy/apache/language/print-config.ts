/**
 * Writes a tree as Apache reads it, and remembers which line came from where.
 */
import type { Place } from "../../../diagnosis/quote.js";
import type { ConfigTree } from "./config-tree.js";

export interface PrintedConfig {
  readonly text: string;
  /** By line, from the first; null for a line of wsrally's own. */
  readonly places: readonly (Place | null)[];
}

export function printConfig(tree: ConfigTree): PrintedConfig {
  const lines: string[] = [];
  const places: (Place | null)[] = [];
  const add = (line: string, place: Place | null): void => {
    // A backslash at its end would join the next line to it.
    lines.push(line.endsWith("\\") ? `${line} ` : line);
    places.push(place);
  };
  const print = (nodes: ConfigTree, indent: string): void => {
    for (const { name, text, block, place } of nodes) {
      const words = text === "" ? name : `${name} ${text}`;
      if (block === null) add(`${indent}${words}`, place);
      else {
        add(`${indent}<${words}>`, place);
        print(block, `${indent}  `);
        add(`${indent}</${name}>`, place);
      }
    }
  };
  print(tree, "");
  return { text: lines.map((line) => `${line}\n`).join(""), places };
}
