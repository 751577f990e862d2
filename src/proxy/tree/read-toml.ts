/**
 * TOML to a tree in which everything has its line. Values are the texts that they are written as, quotes aside: what is a
 * number or a switch whoever reads a field knows.
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { Place } from "../../diagnosis/quote.js";
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ConfigEntry, ConfigList, ConfigMap, ConfigNode } from "./config-node.js";
import { refuseSize, type TreeSize } from "./tree-size.js";

/** A map that is not complete yet. */
interface OpenMap extends ConfigMap {
  readonly entries: ConfigEntry[];
}

/** `[[…]]`, likewise. */
interface OpenList extends ConfigList {
  readonly items: ConfigNode[];
}

interface Reading {
  readonly text: string;
  readonly file: string;
  readonly size: TreeSize;
  /** By map: what its names lead to, for a table may have thousands. */
  readonly children: Map<OpenMap, Map<string, ConfigNode>>;
}

/** @throws ConfigRefusedError with the line and "not TOML" when it is not well-formed */
export function readToml(given: string, { title, file }: { title: string; file: string }): ConfigMap {
  const text = given.replace(/^\uFEFF/, "");
  const reading = { text, file, size: { title, file, nodes: 0 }, children: new Map() };
  const root: OpenMap = { kind: "map", entries: [], place: { file, line: 1 } };
  for (const part of parse(text, title, file).body[0].body) {
    if (part.type === "TOMLKeyValue") addPair(root, part, reading, 1);
    else {
      const place = placeOf(part.key, reading, 1);
      const table = mapAt(root, part.resolvedKey, place, reading);
      for (const pair of part.body) addPair(table, pair, reading, 1);
    }
  }
  return root;
}

function parse(text: string, title: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.0.0" });
  } catch (thrown) {
    if (thrown instanceof ParseError)
      throw new ConfigRefusedError(title, file, `${file}:${thrown.lineNumber}: not TOML: ${thrown.message}`);
    // It reads texts and lists by recursion.
    if (thrown instanceof RangeError)
      throw new ConfigRefusedError(title, file, `${file}:1: a value is too long, or lies too deep`);
    throw thrown;
  }
}

function placeOf({ loc }: AST.TOMLNode, { file, size }: Reading, depth: number): Place {
  const place = { file, line: loc.start.line };
  refuseSize(size, depth, place);
  return place;
}

/** The map that a key leads to, by names and places in lists, made where it is not there. */
function mapAt(root: OpenMap, key: readonly (string | number)[], place: Place, reading: Reading): OpenMap {
  let node: ConfigNode = root;
  for (const [index, step] of key.entries()) {
    const fresh = (): ConfigNode =>
      typeof key[index + 1] === "number"
        ? { kind: "list", items: [], place }
        : { kind: "map", entries: [], place };
    node = childOf(node, step, fresh, place, reading);
  }
  return node as OpenMap;
}

function childOf(
  parent: ConfigNode,
  step: string | number,
  fresh: () => ConfigNode,
  place: Place,
  reading: Reading,
): ConfigNode {
  if (typeof step === "number") {
    const { items } = parent as OpenList;
    items[step] ??= fresh();
    return items[step];
  }
  const map = parent as OpenMap;
  const found = reading.children.get(map)?.get(step);
  if (found !== undefined) return found;
  refuseSize(reading.size, 1, place);
  const value = fresh();
  addEntry(map, { key: step, value, place }, reading);
  return value;
}

function addEntry(map: OpenMap, entry: ConfigEntry, { children }: Reading): void {
  map.entries.push(entry);
  const named = children.get(map) ?? new Map<string, ConfigNode>();
  children.set(map, named.set(entry.key, entry.value));
}

/** `a.b = value` */
function addPair(map: OpenMap, pair: AST.TOMLKeyValue, reading: Reading, depth: number): void {
  const place = placeOf(pair.key, reading, depth);
  const names = pair.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
  const holder = mapAt(map, names.slice(0, -1), place, reading);
  const value = readValue(pair.value, reading, depth + 1);
  addEntry(holder, { key: names.at(-1) ?? "", value, place }, reading);
}

function readValue(node: AST.TOMLContentNode, reading: Reading, depth: number): ConfigNode {
  const place = placeOf(node, reading, depth);
  if (node.type === "TOMLArray") {
    return { kind: "list", items: node.elements.map((item) => readValue(item, reading, depth + 1)), place };
  }
  if (node.type === "TOMLInlineTable") {
    const map: OpenMap = { kind: "map", entries: [], place };
    for (const pair of node.body) addPair(map, pair, reading, depth + 1);
    return map;
  }
  if (node.kind === "string") return { kind: "scalar", value: node.value, place };
  const written = reading.text.slice(...node.range);
  return { kind: "scalar", value: written.replace(/(?<=\d)_(?=\d)/g, ""), place };
}
