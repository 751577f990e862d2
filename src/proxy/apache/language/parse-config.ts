/**
 * The text of one file as a tree: lines that go on, comments, sections. What an include or a condition makes of it is
 * read-config's to say.
 */
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { Node } from "./config-tree.js";
import { splitWords } from "./words.js";

interface Open {
  readonly node: Node;
  readonly children: Node[];
}

/** Deeper than anybody nests. */
const deepest = 40;

/**
 * @param file as messages call it
 * @throws ConfigRefusedError for a section that is not closed, or not opened
 */
export function parseConfig(text: string, file: string): Node[] {
  const top: Node[] = [];
  const open: Open[] = [];
  for (const { text: whole, line } of logicalLines(text)) {
    const trimmed = whole.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const children = open.at(-1)?.children ?? top;
    const closing = /^<\/\s*([^\s>]*)\s*>?/.exec(trimmed);
    if (closing !== null) {
      const name = closing[1] ?? "";
      const last = open.pop();
      if (last === undefined) throw refused(file, line, `</${name}> without matching <${name}> section`);
      if (last.node.key !== name.toLowerCase())
        throw refused(file, line, `Expected </${last.node.name}> but saw </${name}>`);
      continue;
    }
    const node = parseLine(trimmed, { file, line });
    if (node.block === null) children.push(node);
    else {
      if (open.length === deepest) throw refused(file, line, `sections are nested more than ${deepest} deep`);
      const block: Node[] = [];
      const opened = { ...node, block };
      children.push(opened);
      open.push({ node: opened, children: block });
    }
  }
  const [unclosed] = open.slice(-1);
  if (unclosed !== undefined)
    throw refused(file, unclosed.node.place?.line ?? 1, `<${unclosed.node.name}> was not closed.`);
  return top;
}

/** Of a trimmed line; a section's block is to be filled. */
function parseLine(line: string, place: { readonly file: string; readonly line: number }): Node {
  const isSection = line.startsWith("<");
  const [, name = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(isSection ? line.slice(1) : line) ?? [];
  // `<Location>` has its end in its name.
  const inner = isSection ? (name.endsWith(">") && rest === "" ? "" : rest.replace(/>\s*$/, "")) : rest;
  const shown = isSection ? name.replace(/>$/, "") : name;
  const key = shown.toLowerCase();
  const text = inner.trim();
  return { name: shown, key, args: splitWords(text, key).words, text, block: isSection ? [] : null, place };
}

/** A backslash at a line's end joins the next one to it, in comments too. */
function* logicalLines(text: string): Generator<{ readonly text: string; readonly line: number }> {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let joined = (lines[at] ?? "").replace(/\r$/, "");
    while (joined.endsWith("\\") && at + 1 < lines.length) {
      at++;
      joined = joined.slice(0, -1) + (lines[at] ?? "").replace(/\r$/, "");
    }
    // Apache takes all of these for blanks, in every place.
    yield { text: joined.replace(/[\v\f\r]/g, " ").replaceAll("\0", " "), line };
  }
}

/** In Apache's own words, which it has for the copy alone. */
export function refused(file: string, line: number, words: string): ConfigRefusedError {
  return new ConfigRefusedError("Apache", file, `${file}:${line}: ${words}`);
}
