/**
 * HAProxy's words: how a line falls into them, and how they are written so that HAProxy reads the same again. Follows
 * parse_line of its tools.c, which both 2.6 and 2.8 agree with word for word.
 */

/** A word whose value is known, or the trouble with the line that it stands in. */
export interface SplitLine {
  readonly words: readonly string[];
  /** Environment variables that the line asks for, by name. */
  readonly variables: readonly string[];
  /** What is wrong with it, in words like HAProxy's; null where nothing is. */
  readonly trouble: string | null;
}

/** The value of an environment variable, or null for one that is not set. */
export type ReadVariable = (name: string) => string | null;

/** Characters that stand for others after a backslash; all else keeps its backslash. */
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const keptAfterBackslash = new Set([" ", "\\", "#", "'", '"']);
const blanks = new Set([" ", "\t", "\r"]);

interface Reader {
  readonly text: string;
  readonly readVariable: ReadVariable;
  readonly words: string[];
  readonly variables: string[];
  at: number;
  /** Null between words. */
  word: string | null;
}

/** @param text without its line feed */
export function splitLine(text: string, readVariable: ReadVariable): SplitLine {
  const reader: Reader = { text, readVariable, words: [], variables: [], at: 0, word: null };
  let quote: "" | '"' | "'" = "";
  let trouble: string | null = null;
  while (reader.at < text.length && trouble === null) {
    const character = text[reader.at] as string;
    if (quote === "" && character === "#") break;
    if (quote === "" && blanks.has(character)) {
      endWord(reader);
      reader.at++;
    } else if ((character === '"' && quote !== "'") || (character === "'" && quote !== '"')) {
      quote = quote === "" ? character : "";
      reader.word ??= "";
      reader.at++;
    } else if (character === "\\" && quote !== "'") trouble = readEscape(reader, quote);
    else if (character === "$" && quote === '"') trouble = readReference(reader);
    else {
      reader.word = (reader.word ?? "") + character;
      reader.at++;
    }
  }
  if (trouble === null && quote !== "") trouble = `unmatched ${quote === '"' ? "double" : "single"} quote`;
  endWord(reader);
  return { words: reader.words, variables: reader.variables, trouble };
}

function endWord(reader: Reader): void {
  if (reader.word !== null) reader.words.push(reader.word);
  reader.word = null;
}

function readEscape(reader: Reader, quote: string): string | null {
  const next = reader.text[reader.at + 1] ?? "";
  const add = (text: string, length: number): null => {
    reader.word = (reader.word ?? "") + text;
    reader.at += length;
    return null;
  };
  const special = escapes[next];
  if (special !== undefined) return add(special, 2);
  if (keptAfterBackslash.has(next) || (next === "$" && quote === '"')) return add(next, 2);
  if (next !== "x") return add("\\", 1);
  const digits = /^[0-9a-fA-F]{2}/.exec(reader.text.slice(reader.at + 2))?.[0];
  if (digits === undefined) return "truncated or invalid hexadecimal sequence";
  return add(String.fromCharCode(Number.parseInt(digits, 16)), 4);
}

const reference = /^\$(?:([A-Za-z_.]\w*)|\{([A-Za-z_.]\w*)(\[\*\])?(?:-([^}]*))?\})/;

function readReference(reader: Reader): string | null {
  const match = reference.exec(reader.text.slice(reader.at));
  if (match === null) return "invalid variable name, or a brace that is not closed";
  const [whole, bare, braced, isList, fallback] = match;
  const name = bare ?? braced ?? "";
  reader.variables.push(name);
  reader.at += whole.length;
  const value = reader.readVariable(name) ?? fallback ?? "";
  if (isList === undefined) {
    reader.word = (reader.word ?? "") + value;
    return null;
  }
  const [first = "", ...others] = value.split(/ +/);
  reader.word = (reader.word ?? "") + first;
  for (const other of others) {
    endWord(reader);
    reader.word = other;
  }
  return null;
}

const plainWord = /^[^\s"'\\#$]+$/;

/** A word that HAProxy reads as this value, whatever stands in it; no variable of the environment is asked for. */
export function printWord(value: string): string {
  if (plainWord.test(value)) return value;
  if (!/['\n\r\t]/.test(value)) return `'${value}'`;
  const inner = value.replace(/["\\$]/g, "\\$&");
  return `"${inner.replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}"`;
}
