/**
 * Words of TOML 1.0: white space, keys, texts, and values without quotes (toml.io, "TOML v1.0.0").
 */

export class TomlCursor {
  private readonly text: string;
  private at = 0;
  /** How far lines are counted, and how many there are till then. */
  private countedTo = 0;
  private lines = 1;

  constructor(text: string) {
    this.text = text;
  }

  /** From 1. */
  get line(): number {
    for (; this.countedTo < this.at; this.countedTo++) if (this.text[this.countedTo] === "\n") this.lines++;
    return this.lines;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character, or nothing at the end. */
  peek(): string {
    return this.text[this.at] ?? "";
  }

  startsWith(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  /** What a sticky pattern matches here, taken; null where it does not. */
  take(pattern: RegExp): string | null {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  /** @throws TomlError when something else stands here */
  expect(word: string): void {
    if (!this.startsWith(word)) throw new TomlError(this.line, `want \`${word}\` here`);
    this.at += word.length;
  }

  skipBlanks(): void {
    this.take(/[ \t]*/);
  }

  /** Line ends and comments as well. */
  skipLines(): void {
    this.take(/(?:[ \t\r\n]|#[^\n]*)*/);
  }

  /** @throws TomlError when more follows on the line */
  endLine(): void {
    this.skipBlanks();
    this.take(/#[^\n]*/);
    if (!this.isAtEnd && this.take(/\r?\n/) === null)
      throw new TomlError(this.line, "want the end of the line here");
  }
}

/** The file is no TOML. */
export class TomlError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** `a."b.c".d` */
export function readKey(cursor: TomlCursor): string[] {
  const names: string[] = [];
  do {
    cursor.skipBlanks();
    names.push(readName(cursor));
    cursor.skipBlanks();
  } while (cursor.take(/\./) !== null);
  return names;
}

function readName(cursor: TomlCursor): string {
  if (/["']/.test(cursor.peek())) return readQuoted(cursor);
  const bare = cursor.take(/[A-Za-z0-9_-]+/);
  if (bare === null) throw new TomlError(cursor.line, "want a key here");
  return bare;
}

/** A text in quotes, of one line or of several. */
export function readQuoted(cursor: TomlCursor): string {
  const { line } = cursor;
  const raw =
    cursor.take(/"""[^\\"]*(?:(?:\\[\s\S]|"{1,2}(?!"))[^\\"]*)*"""(?:""?(?!"))?/) ??
    cursor.take(/'''[\s\S]*?'''(?:''?(?!'))?/) ??
    cursor.take(/"(?:[^"\\\n]|\\.)*"/) ??
    cursor.take(/'[^'\n]*'/);
  if (raw === null) throw new TomlError(line, "a text has no end");
  const isLong = raw.startsWith('"""') || raw.startsWith("'''");
  const quotes = isLong ? 3 : 1;
  const inner = raw.slice(quotes, -quotes).replace(isLong ? /^\r?\n/ : /^$/, "");
  return raw.startsWith('"') ? unescaped(inner, line) : inner;
}

const escapes: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\u001b",
  '"': '"',
  "\\": "\\",
};

function unescaped(text: string, line: number): string {
  return text.replace(
    /\\(?:[ \t]*\r?\n\s*|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (whole, short?: string, long?: string, letter?: string) => {
      const code = short ?? long;
      if (code !== undefined) return character(Number.parseInt(code, 16), line);
      if (letter === undefined) return "";
      const known = escapes[letter];
      if (known === undefined) throw new TomlError(line, `\`${whole}\` is no escape of TOML`);
      return known;
    },
  );
}

function character(code: number, line: number): string {
  if (code > 0x10ffff) throw new TomlError(line, "no such character");
  return String.fromCodePoint(code);
}
