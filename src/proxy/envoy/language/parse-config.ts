/**
 * Text to tree. Envoy takes a file that ends in `.yaml` or `.yml` for YAML and any other for JSON, of which YAML is a
 * superset: one parser finds the places in both.
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
import type { Place } from "../../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { ConfigMap, ConfigNode } from "./config-node.js";
import { plainScalar } from "./yaml-scalars.js";

/** More than any config has use for: aliases let a few lines stand for millions. */
const mostNodes = 200_000;
const mostDepth = 100;

interface Reading {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  nodes: number;
}

/** @throws ConfigRefusedError with the line when it is not well-formed */
export function parseConfig(file: string, text: string): ConfigMap {
  const isYaml = /\.ya?ml$/i.test(file);
  if (!isYaml) refuseNonJson(file, text);
  const lines = new LineCounter();
  const options = { version: "1.1", schema: "failsafe", uniqueKeys: false, merge: false } as const;
  // A second document is not looked at.
  const documents = parseAllDocuments(text, { ...options, lineCounter: lines, prettyErrors: false });
  const document = "empty" in documents ? null : (documents[0] ?? null);
  const [error] = document?.errors ?? [];
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw new ConfigRefusedError("Envoy", file, `${file}:${line}: ${error.message}`);
  }
  const root = document?.contents ?? null;
  const place = { file, line: 1 };
  if (document === null || root === null) return { kind: "map", entries: [], place };
  const tree = toNode(root as Node, { file, document, lines, nodes: 0 }, 0);
  if (tree.kind === "map") return tree;
  throw new ConfigRefusedError(
    "Envoy",
    file,
    `${file}:1: a config is a map, which begins with a field's name`,
  );
}

function refuseNonJson(file: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : "no JSON";
    const position = Number(/at position (\d+)/.exec(words)?.[1] ?? 0);
    const line = text.slice(0, position).split("\n").length;
    const said = words.replace(/ in JSON at position.*$|, "[\s\S]*$/, "");
    throw new ConfigRefusedError("Envoy", file, `${file}:${line}: ${said}`, {
      hint: "Envoy takes a file for JSON unless its name ends in .yaml or .yml",
    });
  }
}

function placeOf(node: Node | null, { file, lines }: Reading): Place | null {
  const start = node?.range?.[0];
  return start === undefined ? null : { file, line: lines.linePos(start).line };
}

function toNode(node: Node | null, reading: Reading, depth: number): ConfigNode {
  const place = placeOf(node, reading);
  reading.nodes++;
  if (reading.nodes > mostNodes || depth > mostDepth) {
    const words = `${reading.file}:${place?.line ?? 1}: more than ${mostNodes} values, or ${mostDepth} levels`;
    throw new ConfigRefusedError("Envoy", reading.file, words);
  }
  if (isAlias(node)) {
    const target = node.resolve(reading.document) ?? null;
    return { ...toNode(target, reading, depth + 1), place };
  }
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => ({
      key: keyOf(key as Node | null, reading),
      value: toNode(value as Node | null, reading, depth + 1),
      place: placeOf(key as Node | null, reading),
    }));
    return { kind: "map", entries, place };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) =>
      isPair(item) ? scalar(null, place) : toNode(item as Node | null, reading, depth + 1),
    );
    return { kind: "list", items, place };
  }
  return scalar(isScalar(node) ? scalarValue(node) : null, place);
}

function keyOf(key: Node | null, { document }: Reading): string {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) ? String(node.value ?? "") : "";
}

function scalar(value: string | number | boolean | null, place: Place | null): ConfigNode {
  return { kind: "scalar", value, place };
}

/** A value in quotes, or one with the tag `!`, is a text; any other tag changes nothing. */
function scalarValue({ value, source, type, tag }: Scalar): string | number | boolean | null {
  const text = source ?? String(value ?? "");
  if (tag === "!" || (type !== "PLAIN" && tag === undefined)) return String(value ?? "");
  return plainScalar(type === "PLAIN" ? text : String(value ?? ""));
}
