/**
 * An nginx config as a tree of directives, each with the place it was written at.
 */
import type { Place, Quote } from "../../../diagnosis/quote.js";

export type Origin = Place;

export interface Directive {
  readonly name: string;
  /** Words after the name, quotes and escapes resolved. */
  readonly args: readonly string[];
  /** What stands between the braces; null for a directive that ends in a semicolon. */
  readonly block: readonly Directive[] | null;
  /** Null for a line that wsrally added. */
  readonly origin: Origin | null;
}

/** A directive of wsrally's own. */
export function directive(name: string, ...args: readonly string[]): Directive {
  return { name, args, block: null, origin: null };
}

/** "site.conf:12", or how a line of ours is called. */
export function placeOf(origin: Origin | null): string {
  return origin ? `${origin.file}:${origin.line}` : "a line that wsrally added";
}

export function quoteOf({ name, args, origin }: Directive): Quote {
  return { text: [name, ...args].join(" "), place: origin };
}

/** "`proxy_pass http://app` at site.conf:12" */
export function written({ name, args, origin }: Directive): string {
  return `\`${[name, ...args].join(" ")}\` at ${placeOf(origin)}`;
}

/** The one of this name that holds outside of http: at the outermost level, or in events. */
export function outermost(tree: readonly Directive[], name: string): Directive | null {
  const events = tree.find((node) => node.name === "events")?.block ?? [];
  return [...tree, ...events].findLast((node) => node.name === name) ?? null;
}

/** Blocks whose lines are data (`map`'s pairs and the like), not directives, whatever their first words are. */
const dataBlocks = new Set(["map", "geo", "types", "split_clients", "charset_map", "geoip2", "keyval"]);

function holdsDirectives({ name, block }: Directive): boolean {
  return block !== null && !dataBlocks.has(name);
}

/** What stands around a directive, from the outermost block in. */
export type Path = readonly Directive[];

/**
 * A new tree in which every directive is replaced by what `change` makes of it: none, itself, or several. Blocks are
 * visited before what they hold; blocks of data are not entered.
 */
export function rewrite(
  tree: readonly Directive[],
  change: (directive: Directive, path: Path) => readonly Directive[],
  path: Path = [],
): Directive[] {
  return tree.flatMap((node) =>
    change(node, path).map((changed) =>
      changed.block !== null && holdsDirectives(changed)
        ? { ...changed, block: rewrite(changed.block, change, [...path, changed]) }
        : changed,
    ),
  );
}

/** Every directive of the tree with its path, in the order written. */
export function* walk(
  tree: readonly Directive[],
  path: Path = [],
): Generator<{ readonly node: Directive; readonly path: Path }> {
  for (const node of tree) {
    yield { node, path };
    if (node.block !== null && holdsDirectives(node)) yield* walk(node.block, [...path, node]);
  }
}
