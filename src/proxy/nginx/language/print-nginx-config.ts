/**
 * Writes a tree as nginx reads it, and remembers which line came from where, so that what nginx says of the copy can
 * be told of the original.
 */
import type { Directive, Origin } from "./nginx-tree.js";

export interface PrintedConfig {
  readonly text: string;
  /** By printed line, the first at index 0; null for a line of wsrally's own. */
  readonly origins: readonly (Origin | null)[];
}

export function printNginxConfig(tree: readonly Directive[]): PrintedConfig {
  const lines: string[] = [];
  const origins: (Origin | null)[] = [];
  const write = (line: string, origin: Origin | null): void => {
    lines.push(line);
    // A quoted word may hold line breaks.
    for (let breaks = line.split("\n").length; breaks > 0; breaks--) origins.push(origin);
  };
  const print = (items: readonly Directive[], indent: string): void => {
    for (const { name, args, block, origin } of items) {
      const words = [name, ...args].map(quoteWord).join(" ");
      if (block === null) {
        write(`${indent}${words};`, origin);
      } else {
        write(`${indent}${words} {`, origin);
        print(block, `${indent}    `);
        write(`${indent}}`, origin);
      }
    }
  };
  print(tree, "");
  return { text: lines.length === 0 ? "" : `${lines.join("\n")}\n`, origins };
}

/**
 * A word that nginx reads back as this value. Quotes are needed only where a bare word would end or change.
 * A carriage return and the like stay as they are: nginx takes them literally within quotes.
 */
function quoteWord(value: string): string {
  const bare = /^[^\s"'\\;{}#]([^\s"'\\;{}]|(?<=\$)\{|\})*$/.test(value) && !value.startsWith("{");
  if (bare) return value;
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
