/**
 * A scenario file's text into a checked `ScenarioInput`; all faults of the file are reported together, each with its
 * line and key.
 */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { placeWords } from "./place-words.js";
import { type ScenarioInput, scenarioSchema } from "./scenario.js";
import { schemaWords } from "./schema-words.js";
import { workloadSchema } from "./workload.js";

type Issue = z.core.$ZodIssue;

/** @param file names the text in errors @throws UsageError with a line `file:line: key: fault` for every fault */
export function parseScenario(text: string, file: string): ScenarioInput {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(
    ({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`,
  );
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  const parsed = scenarioSchema.safeParse(document.toJS() ?? {}, { error: schemaWords });
  if (parsed.success) return parsed.data;
  const found = parsed.error.issues.flatMap((issue) => describe(issue, document, lines));
  throw new UsageError(found.map(({ line, words }) => `${file}:${line}: ${words}`).join("\n"));
}

interface Fault {
  readonly line: number;
  readonly words: string;
}

function describe(issue: Issue, document: Document, lines: LineCounter): Fault[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      line: lineOf([...path, key], document, lines),
      words: `${placeWords([...path, key])}: unknown key${keyHint(path, key)}`,
    }));
  }
  const line = lineOf(path, document, lines);
  const value = document.getIn(path);
  const given =
    (typeof value === "string" && !path.some(isConfidential)) || typeof value === "number"
      ? ` (got ${JSON.stringify(value)})`
      : "";
  return [{ line, words: `${placeWords(path) || "scenario"}: ${fitting(issue)}${given}` }];
}

/** The key that was meant, or where this one goes. */
function keyHint(path: readonly (string | number)[], key: string): string {
  const top = Object.keys(scenarioSchema.shape);
  const within: Readonly<Record<string, readonly string[]>> = {
    workload: Object.keys(workloadSchema.shape),
    compare: Object.keys(scenarioSchema.shape.compare.unwrap().shape),
    arms: ["name", "arm", "set"],
  };
  const place = path[0] === "arms" && path.length === 2 ? "arms" : path.join(".");
  const here = meantWords(key, place === "" ? top : (within[place] ?? []));
  if (here !== "") return here;
  const right = Object.keys(within).find((one) => within[one]?.includes(key));
  return right === undefined ? "" : ` (it goes below ${right})`;
}

/** Whether what stands there is not to be repeated. */
function isConfidential(step: string | number): boolean {
  return step === "header" || step === "cookie" || step === "subprotocol";
}

/** Of a union's branches, the one that came furthest says most. */
function fitting(issue: Issue): string {
  if (issue.code !== "invalid_union") return issue.message;
  const branches = issue.errors.flat().filter((inner) => inner.path.length > 0);
  return branches[0] ? `${placeWords(branches[0].path)}: ${branches[0].message}` : issue.message;
}

/** The line of a key's value, or of the nearest parent that is there. */
function lineOf(path: readonly (string | number)[], document: Document, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair && isScalar(pair.key) && pair.key.range) return lines.linePos(pair.key.range[0]).line;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
