/**
 * An Apache config as a tree of directives, each with the place it was written at.
 */
import { type Place, placeWords, type Quote } from "../../../diagnosis/quote.js";
import { quotedWords } from "./mask-config.js";
import { printWord } from "./words.js";

export interface Node {
  /** As it is written: "ProxyPass", "VirtualHost". */
  readonly name: string;
  /** In lower case, for Apache does not tell them apart. */
  readonly key: string;
  /** Words after the name, quotes resolved. */
  readonly args: readonly string[];
  /** The same as one text, as it is printed: some directives have quoting of their own. */
  readonly text: string;
  /** What stands in the section; null for a directive. */
  readonly block: readonly Node[] | null;
  /** Null for a line that wsrally added. */
  readonly place: Place | null;
}

export type ConfigTree = readonly Node[];

/** A directive of wsrally's own. */
export function directive(name: string, ...args: readonly string[]): Node {
  const key = name.toLowerCase();
  return { name, key, args, text: printed(args, key), block: null, place: null };
}

export function section(name: string, args: readonly string[], block: readonly Node[]): Node {
  return { ...directive(name, ...args), block };
}

/** The same with other words after its name. */
export function withArgs(node: Node, args: readonly string[]): Node {
  return { ...node, args, text: printed(args, node.key) };
}

function printed(args: readonly string[], key: string): string {
  return args.map((word) => printWord(word, key)).join(" ");
}

/** "ProxyPass /ws ws://app:9000", "<Location /ws>", for quotations: without secrets and wsrally's addresses. */
export function nodeText({ name, args, block }: Node): string {
  const text = quotedWords([name, ...args.map((word) => word.replace(/@wsrally-[\w-]+@/g, "…"))]);
  return block === null ? text : `<${text}>`;
}

export function quoteOf(node: Node): Quote {
  return { text: nodeText(node), place: node.place };
}

/** "`ProxyPass / http://app/` at site.conf:12" */
export function written(node: Node): string {
  return `\`${nodeText(node)}\` at ${placeWords(node.place)}`;
}

/** What stands around a directive, from the outermost section in. */
export type Path = readonly Node[];

/**
 * A new tree in which every directive is replaced by what `change` makes of it: none, itself, or several. Sections are
 * visited before what they hold.
 */
export function rewrite(
  tree: ConfigTree,
  change: (node: Node, path: Path) => readonly Node[],
  path: Path = [],
): Node[] {
  return tree.flatMap((node) =>
    change(node, path).map((changed) =>
      changed.block === null
        ? changed
        : { ...changed, block: rewrite(changed.block, change, [...path, changed]) },
    ),
  );
}

export interface Placed {
  readonly node: Node;
  readonly path: Path;
}

/** Every directive of the tree with its path, in the order written. */
export function* walk(tree: ConfigTree, path: Path = []): Generator<Placed> {
  for (const node of tree) {
    yield { node, path };
    if (node.block !== null) yield* walk(node.block, [...path, node]);
  }
}

export function virtualHosts(tree: ConfigTree): readonly Node[] {
  return tree.filter(({ key }) => key === "virtualhost");
}
