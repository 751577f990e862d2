/**
 * Caddyfile text as words (caddyconfig/caddyfile/lexer.go): quotes, backquotes, heredocs, comments, and lines that a
 * backslash continues.
 */
import type { Word } from "./config-tree.js";

export interface Lexed extends Word {
  /** Whether it is the first of its line, where a directive, an import or an end of a block is looked for. */
  readonly startsLine: boolean;
}

/** What cannot be read, in Caddy's words and with the line. */
export class WordTrouble extends Error {
  override readonly name = "WordTrouble";
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
}

/** @throws WordTrouble for a quote or a heredoc without its end */
export function readWords(source: string, file: string): Lexed[] {
  const reader: Reader = { text: source.replace(/^\uFEFF/, "").replaceAll("\r", ""), at: 0, line: 1 };
  const found: Lexed[] = [];
  let startsLine = true;
  while (reader.at < reader.text.length) {
    const character = reader.text[reader.at] as string;
    if (character === "\n") {
      reader.at++;
      reader.line++;
      startsLine = true;
    } else if (character === "\\" && reader.text[reader.at + 1] === "\n") {
      reader.at += 2;
      reader.line++;
    } else if (/\s/.test(character)) reader.at++;
    else if (character === "#") {
      const end = reader.text.indexOf("\n", reader.at);
      reader.at = end === -1 ? reader.text.length : end;
    } else {
      const place = { file, line: reader.line };
      found.push({ ...readWord(reader), place, startsLine });
      startsLine = false;
    }
  }
  return found;
}

function readWord(reader: Reader): Pick<Word, "text" | "quoted"> {
  const character = reader.text[reader.at];
  if (character === '"' || character === "`") return { text: readQuoted(reader, character), quoted: true };
  const heredoc = /^<<([A-Za-z0-9_-]+)\n/.exec(reader.text.slice(reader.at, reader.at + 80));
  if (heredoc !== null) return { text: readHeredoc(reader, heredoc[1] as string), quoted: true };
  const rest = /[^\s\\]*(?:\\(?!\n)[^\s\\]*)*/y;
  rest.lastIndex = reader.at;
  const [text = ""] = rest.exec(reader.text) ?? [];
  reader.at += Math.max(1, text.length);
  return { text: text.startsWith("\\<<") ? text.slice(1) : text, quoted: false };
}

/** Only a quote can be escaped in double quotes, and nothing in backquotes. */
function readQuoted(reader: Reader, quote: string): string {
  const { line } = reader;
  let text = "";
  for (reader.at++; reader.at < reader.text.length; reader.at++) {
    const character = reader.text[reader.at] as string;
    if (character === "\n") reader.line++;
    if (character === quote) {
      reader.at++;
      return text;
    }
    if (quote === '"' && character === "\\" && reader.text[reader.at + 1] === '"') {
      text += '"';
      reader.at++;
    } else text += character;
  }
  throw new WordTrouble("syntax error: a quote has no end", line);
}

/** The last line's indentation is taken off every line. */
function readHeredoc(reader: Reader, marker: string): string {
  const { line } = reader;
  const from = reader.text.indexOf("\n", reader.at) + 1;
  const end = new RegExp(`^([ \\t]*)${marker}(?=\\s|$)`, "m");
  const found = end.exec(reader.text.slice(from));
  if (found === null)
    throw new WordTrouble(`incomplete heredoc <<${marker}, expected ending marker ${marker}`, line);
  const [whole, padding = ""] = found;
  const body = reader.text.slice(from, from + found.index);
  reader.at = from + found.index + whole.length;
  reader.line = line + 1 + (body.match(/\n/g) ?? []).length;
  return body
    .replace(/\n$/, "")
    .split("\n")
    .map((one) => (one.startsWith(padding) ? one.slice(padding.length) : one))
    .join("\n");
}
