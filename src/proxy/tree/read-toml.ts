/**
 * TOML to a tree in which everything has its line. Values are the texts that they are written as, quotes aside: what is a
 * number or a switch whoever reads a field knows.
 */
import type { Place } from "../../diagnosis/quote.js";
import { ConfigRefusedError } from "../config-refused-error.js";
import type { ConfigMap, ConfigNode } from "./config-node.js";
import { readKey, readQuoted, TomlCursor, TomlError } from "./toml-text.js";
import { refuseSize, type TreeSize } from "./tree-size.js";

interface Table {
  readonly kind: "map";
  readonly entries: { readonly key: string; value: ConfigNode | Table | TableList; readonly place: Place }[];
  readonly place: Place;
  /** Nothing may be added to one in braces. */
  readonly isClosed: boolean;
}

/** Of `[[…]]`. */
interface TableList {
  readonly kind: "list";
  readonly items: Table[];
  readonly place: Place;
  readonly isOpen: true;
}

interface Reading {
  readonly cursor: TomlCursor;
  readonly file: string;
  readonly size: TreeSize;
  /** Headers that were there, for none comes twice. */
  readonly headers: Set<Table>;
}

/** @throws ConfigRefusedError with the line when it is not well-formed */
export function readToml(text: string, { title, file }: { title: string; file: string }): ConfigMap {
  const cursor = new TomlCursor(text.replace(/^\uFEFF/, ""));
  const reading = { cursor, file, size: { title, file, nodes: 0 }, headers: new Set<Table>() };
  const root: Table = { kind: "map", entries: [], place: { file, line: 1 }, isClosed: false };
  try {
    readDocument(root, reading);
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown;
    throw new ConfigRefusedError(title, file, `${file}:${thrown.line}: ${thrown.message}`);
  }
  return root;
}

function readDocument(root: Table, reading: Reading): void {
  const { cursor } = reading;
  let table = root;
  for (;;) {
    cursor.skipLines();
    if (cursor.isAtEnd) return;
    if (cursor.peek() !== "[") {
      readPair(table, reading, 1);
    } else if (cursor.startsWith("[[")) {
      table = listedTable(root, reading);
    } else {
      table = headedTable(root, reading);
    }
    cursor.endLine();
  }
}

function here({ cursor, file, size }: Reading, depth: number): Place {
  const place = { file, line: cursor.line };
  refuseSize(size, depth, place);
  return place;
}

/** `[a.b]` */
function headedTable(root: Table, reading: Reading): Table {
  const place = here(reading, 1);
  reading.cursor.expect("[");
  const names = readKey(reading.cursor);
  reading.cursor.expect("]");
  const table = names.reduce((at, name) => tableIn(at, name, place, reading), root);
  if (reading.headers.has(table)) throw new TomlError(place.line, `[${names.join(".")}] is there twice`);
  reading.headers.add(table);
  return table;
}

/** `[[a.b]]` */
function listedTable(root: Table, reading: Reading): Table {
  const place = here(reading, 1);
  reading.cursor.expect("[[");
  const names = readKey(reading.cursor);
  reading.cursor.expect("]]");
  const holder = names.slice(0, -1).reduce((at, name) => tableIn(at, name, place, reading), root);
  const name = names.at(-1) ?? "";
  const found = holder.entries.find(({ key }) => key === name)?.value;
  const table: Table = { kind: "map", entries: [], place, isClosed: false };
  if (found === undefined) {
    const list: TableList = { kind: "list", items: [table], place, isOpen: true };
    holder.entries.push({ key: name, value: list, place });
  } else if (isOpenList(found)) found.items.push(table);
  else throw new TomlError(place.line, `${name} is something else already`);
  return table;
}

/** What a name leads to, made where it is not there; of a list its last table. */
function tableIn(holder: Table, name: string, place: Place, { size }: Reading): Table {
  refuseSize(size, 1, place);
  const found = holder.entries.find(({ key }) => key === name)?.value;
  if (found === undefined) {
    if (holder.isClosed) throw new TomlError(place.line, `nothing is added to a table in braces (${name})`);
    const table: Table = { kind: "map", entries: [], place, isClosed: false };
    holder.entries.push({ key: name, value: table, place });
    return table;
  }
  if (isOpenList(found)) return found.items.at(-1) as Table;
  if (isTable(found) && !found.isClosed) return found;
  throw new TomlError(place.line, `${name} is something else already`);
}

function isTable(node: ConfigNode | Table | TableList): node is Table {
  return node.kind === "map" && "isClosed" in node;
}

function isOpenList(node: ConfigNode | Table | TableList): node is TableList {
  return node.kind === "list" && "isOpen" in node;
}

/** `key = value` */
function readPair(table: Table, reading: Reading, depth: number): void {
  const place = here(reading, depth);
  const names = readKey(reading.cursor);
  reading.cursor.expect("=");
  reading.cursor.skipBlanks();
  const value = readValue(reading, depth + 1);
  const holder = names.slice(0, -1).reduce((at, name) => tableIn(at, name, place, reading), table);
  const key = names.at(-1) ?? "";
  if (holder.entries.some((entry) => entry.key === key))
    throw new TomlError(place.line, `${key} is there twice`);
  holder.entries.push({ key, value, place });
}

function readValue(reading: Reading, depth: number): ConfigNode | Table {
  const place = here(reading, depth);
  const { cursor } = reading;
  if (cursor.peek() === "[") return { kind: "list", items: readItems(reading, depth), place };
  if (cursor.peek() === "{") return readInline(reading, place, depth);
  if (/["']/.test(cursor.peek())) return { kind: "scalar", value: readQuoted(cursor), place };
  const word = cursor.take(/[^\s,\]}#]+(?: \d\d:[\d:.Z+-]+)?/);
  if (word === null || !bareValue.test(word))
    throw new TomlError(place.line, `${word ?? "nothing"} is no value: a text stands in quotes`);
  return { kind: "scalar", value: word.replace(/(?<=\d)_(?=\d)/g, ""), place };
}

/** Switches, numbers, dates. */
const bareValue =
  /^(?:true|false|[+-]?(?:inf|nan)|[+-]?\d[\d_]*(?:\.[\d_]+)?(?:[eE][+-]?\d+)?|0[xob][\da-fA-F_]+|\d{4}-\d\d-\d\d(?:[T ].+)?|\d\d:\d\d.*)$/;

function readItems(reading: Reading, depth: number): ConfigNode[] {
  const { cursor } = reading;
  const items: ConfigNode[] = [];
  cursor.expect("[");
  cursor.skipLines();
  while (cursor.peek() !== "]") {
    items.push(readValue(reading, depth + 1));
    cursor.skipLines();
    if (cursor.peek() !== "]") cursor.expect(",");
    cursor.skipLines();
  }
  cursor.expect("]");
  return items;
}

function readInline(reading: Reading, place: Place, depth: number): Table {
  const { cursor } = reading;
  const open: Table = { kind: "map", entries: [], place, isClosed: false };
  cursor.expect("{");
  cursor.skipBlanks();
  while (cursor.peek() !== "}") {
    readPair(open, reading, depth + 1);
    cursor.skipBlanks();
    if (cursor.peek() !== "}") cursor.expect(",");
    cursor.skipBlanks();
  }
  cursor.expect("}");
  return { ...open, isClosed: true };
}
