/**
 * YAML, of which JSON is a part, to a tree in which everything has its line.
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
} from "yaml";
import type { Place } from "../../diagnosis/quote.js";
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ConfigMap, ConfigNode, ConfigScalar } from "./config-node.js";
import { refuseSize, type TreeSize } from "./tree-size.js";

export interface YamlReading {
  /** As sentences call the proxy: "Envoy". */
  readonly title: string;
  readonly file: string;
  /** What a value without quotes is; one in quotes is the text that it is. */
  readonly plain: (text: string) => ConfigScalar["value"];
  /** A key that is there twice is no YAML for it. */
  readonly uniqueKeys: boolean;
  /** `<<: *other` */
  readonly merge: boolean;
}

interface Reading extends YamlReading {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly size: TreeSize;
}

/**
 * The first document; a map without entries where there is none.
 * @throws ConfigRefusedError with the line when it is not well-formed
 */
export function readYaml(text: string, terms: YamlReading): ConfigMap {
  const { file, title, uniqueKeys } = terms;
  const lines = new LineCounter();
  const options = { version: "1.1", schema: "failsafe", uniqueKeys, merge: false } as const;
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines, prettyErrors: false });
  const document = "empty" in documents ? null : (documents[0] ?? null);
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new ConfigRefusedError(title, file, `${file}:${line}: not YAML: ${error.message}`);
  }
  const root = document?.contents ?? null;
  const place = { file, line: 1 };
  if (document === null || root === null) return { kind: "map", entries: [], place };
  const size = { title, file, nodes: 0 };
  const tree = toNode(root as Node, { ...terms, document, lines, size }, 0);
  if (tree.kind === "map") return tree;
  if (tree.kind === "scalar" && tree.value === null) return { kind: "map", entries: [], place };
  throw new ConfigRefusedError(title, file, `${file}:1: a config is a map, which begins with a field's name`);
}

function placeOf(node: Node | null, { file, lines }: Reading): Place | null {
  const start = node?.range?.[0];
  return start === undefined ? null : { file, line: lines.linePos(start).line };
}

function toNode(node: Node | null, reading: Reading, depth: number): ConfigNode {
  const place = placeOf(node, reading);
  refuseSize(reading.size, depth, place);
  if (isAlias(node)) {
    const target = node.resolve(reading.document) ?? null;
    return { ...toNode(target, reading, depth + 1), place };
  }
  if (isMap(node)) return { kind: "map", entries: entriesOf(node.items, reading, depth), place };
  if (isSeq(node)) {
    const items = node.items.map((item) =>
      isPair(item) ? scalar(null, place) : toNode(item as Node | null, reading, depth + 1),
    );
    return { kind: "list", items, place };
  }
  return scalar(isScalar(node) ? scalarValue(node, reading) : null, place);
}

type Pairs = readonly { readonly key: unknown; readonly value: unknown }[];

function entriesOf(pairs: Pairs, reading: Reading, depth: number): ConfigMap["entries"] {
  const entries = pairs.map(({ key, value }) => ({
    key: keyOf(key as Node | null, reading),
    value: toNode(value as Node | null, reading, depth + 1),
    place: placeOf(key as Node | null, reading),
  }));
  return reading.merge ? merged(entries) : entries;
}

/** What a map takes over from others gives way to its own. */
function merged(entries: ConfigMap["entries"]): ConfigMap["entries"] {
  const own = entries.filter(({ key }) => key !== "<<");
  if (own.length === entries.length) return entries;
  const names = new Set(own.map(({ key }) => key));
  const others = entries
    .filter(({ key }) => key === "<<")
    .flatMap(({ value }) => (value.kind === "list" ? value.items : [value]))
    .flatMap((source) => (source.kind === "map" ? source.entries : []));
  const taken = others.filter(({ key }) => !names.has(key) && names.add(key));
  return [...taken, ...own];
}

function keyOf(key: Node | null, { document }: Reading): string {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) ? String(node.value ?? "") : "";
}

function scalar(value: ConfigScalar["value"], place: Place | null): ConfigNode {
  return { kind: "scalar", value, place };
}

/** A value in quotes, or one with the tag `!`, is a text; any other tag changes nothing. */
function scalarValue({ value, source, type, tag }: Scalar, { plain }: Reading): ConfigScalar["value"] {
  const text = source ?? String(value ?? "");
  if (tag === "!" || (type !== "PLAIN" && tag === undefined)) return String(value ?? "");
  return plain(type === "PLAIN" ? text : String(value ?? ""));
}
