/**
 * Words as blocks and directives (caddyconfig/caddyfile/parse.go): global options, snippets, named routes, sites with and
 * without braces; imports are put in as they are met.
 */
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../config-refused-error.js";
import type { Block, ConfigTree, Directive, Word } from "./config-tree.js";
import { argumentsFilled, type ImportTerms } from "./imports.js";
import type { Lexed } from "./read-words.js";

/** What `import` of a file brings in. @throws ConfigRefusedError, UsageError */
export type ImportFile = (pattern: string, from: Place) => readonly Lexed[];

export interface ParseTerms {
  /** As the user named it. */
  readonly file: string;
  readonly importFile: ImportFile;
}

/** No config of a person has as many, and an import that imports itself does not end. */
const mostImports = 2000;
const mostWords = 200_000;

/** @throws ConfigRefusedError with file and line when it is not well-formed */
export function parseConfig(found: readonly Lexed[], terms: ParseTerms): ConfigTree {
  return new Parser([...found], terms).blocks();
}

class Parser {
  readonly #snippets = new Map<string, readonly Lexed[]>();
  readonly #terms: ParseTerms;
  #words: Lexed[];
  #at = 0;
  #imports = 0;

  constructor(found: Lexed[], terms: ParseTerms) {
    this.#words = found;
    this.#terms = terms;
  }

  blocks(): Block[] {
    const found: Block[] = [];
    while (this.#at < this.#words.length) {
      const block = this.#block(found.length === 0);
      if (block !== null) found.push(block);
    }
    return found;
  }

  /** Null for a snippet, and for an import that brought the next one in. */
  #block(isFirst: boolean): Block | null {
    const first = this.#words[this.#at] as Lexed;
    const { place } = first;
    if (isOpen(first)) {
      if (!isFirst)
        throw this.#refused("unexpected '{': a server block must have an address before it", place);
      this.#at++;
      return { kind: "global", keys: [], lines: this.#linesToEnd(place), place, order: "by-directive" };
    }
    if (isImport(first)) {
      this.#import();
      return null;
    }
    const snippet = /^\(([^)]*)\)$/.exec(first.text)?.[1];
    if (snippet !== undefined && !first.quoted) {
      this.#at++;
      this.#snippets.set(snippet, this.#rawBlock(place));
      return null;
    }
    const route = /^&\(([^)]*)\)$/.exec(first.text)?.[1];
    const { keys, isOpened } = this.#keys();
    const lines = isOpened ? this.#linesToEnd(place) : this.#rest();
    if (route !== undefined)
      return { kind: "named-route", keys: [{ ...first, text: route }], lines, place, order: "literal" };
    return { kind: "site", keys, lines, place, order: "by-directive" };
  }

  /** Addresses go on over a line's end behind a comma. */
  #keys(): { readonly keys: readonly Word[]; readonly isOpened: boolean } {
    const keys: Word[] = [];
    for (let goesOn = true; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] as Lexed;
      if (isOpen(word)) {
        this.#at++;
        return { keys, isOpened: true };
      }
      if (word.startsLine && !goesOn) return { keys, isOpened: false };
      if (word.text === "}" && !word.quoted) throw this.#refused("unexpected '}'", word.place);
      if (word.text.endsWith("{") && word.text.length > 1 && !word.text.endsWith("${"))
        throw this.#refused(
          `Site addresses cannot end with a curly brace: '${word.text}' - put a space between the token and the brace`,
          word.place,
        );
      keys.push({ ...word, text: word.text.replace(/,$/, "") });
      goesOn = word.text.endsWith(",");
    }
    return { keys: keys.filter(({ text }) => text !== ""), isOpened: false };
  }

  /** Without braces all that follows is the one site's. */
  #rest(): Directive[] {
    const lines: Directive[] = [];
    while (this.#at < this.#words.length) {
      const line = this.#directive();
      if (line !== null) lines.push(line);
    }
    return lines;
  }

  #linesToEnd(opened: Place): Directive[] {
    const lines: Directive[] = [];
    for (;;) {
      const word = this.#words[this.#at];
      if (word === undefined)
        throw this.#refused("syntax error: unexpected end of file: a '{' has no '}'", opened);
      if (isClose(word)) {
        this.#at++;
        return lines;
      }
      const line = this.#directive();
      if (line !== null) lines.push(line);
    }
  }

  /** Null for an import, which has put its words in its place. */
  #directive(): Directive | null {
    const first = this.#words[this.#at] as Lexed;
    if (isImport(first)) {
      this.#import();
      return null;
    }
    this.#at++;
    const args: Word[] = [];
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at] as Lexed;
      if (word.startsLine) break;
      if (isOpen(word) && this.#endsLine(this.#at)) {
        this.#at++;
        return { name: first.text, args, block: this.#linesToEnd(word.place), place: first.place };
      }
      // `{ }` on one line is an empty block.
      if (isOpen(word) && this.#isEmptyBlock()) {
        this.#at += 2;
        return { name: first.text, args, block: [], place: first.place };
      }
      args.push(word);
      this.#at++;
    }
    return { name: first.text, args, block: null, place: first.place };
  }

  #isEmptyBlock(): boolean {
    const next = this.#words[this.#at + 1];
    return next !== undefined && next.text === "}" && !next.quoted && this.#endsLine(this.#at + 1);
  }

  #endsLine(at: number): boolean {
    return this.#words[at + 1]?.startsLine ?? true;
  }

  /** The words of a block, unread: a snippet's are read where they are imported. */
  #rawBlock(opened: Place): Lexed[] {
    const first = this.#words[this.#at];
    if (first === undefined || !isOpen(first)) throw this.#refused("a snippet has no block", opened);
    const from = ++this.#at;
    for (let depth = 1; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] as Lexed;
      if (isOpen(word) && this.#endsLine(this.#at)) depth++;
      if (isClose(word)) depth--;
      if (depth === 0) return this.#words.slice(from, this.#at++);
    }
    throw this.#refused("syntax error: unexpected end of file: a '{' has no '}'", opened);
  }

  /** `import NAME [ARGS…] [{ … }]`: its words, with the arguments in them, take its place. */
  #import(): void {
    const from = this.#at;
    const { place } = this.#words[from] as Lexed;
    const given: Lexed[] = [];
    let block: readonly Lexed[] = [];
    for (this.#at++; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] as Lexed;
      if (word.startsLine) break;
      if (isOpen(word) && this.#endsLine(this.#at)) {
        block = this.#rawBlock(place);
        break;
      }
      given.push(word);
    }
    const [name, ...args] = given;
    if (name === undefined)
      throw this.#refused("wrong argument count or unexpected line ending after 'import'", place);
    if (++this.#imports > mostImports) throw this.#refused(`more than ${mostImports} imports`, place);
    const brought = this.#snippets.get(name.text) ?? this.#terms.importFile(name.text, place);
    const terms: ImportTerms = { args, block };
    const filled = argumentsFilled(brought, terms);
    this.#words.splice(from, this.#at - from, ...filled);
    if (this.#words.length > mostWords) throw this.#refused(`more than ${mostWords} words`, place);
    this.#at = from;
  }

  #refused(words: string, place: Place): ConfigRefusedError {
    return new ConfigRefusedError("Caddy", this.#terms.file, `${words}, at ${placeWords(place)}`);
  }
}

function isOpen({ text, quoted }: Word): boolean {
  return text === "{" && !quoted;
}

function isClose({ text, quoted, startsLine }: Lexed): boolean {
  return text === "}" && !quoted && startsLine;
}

function isImport({ text, quoted, startsLine }: Lexed): boolean {
  return text === "import" && !quoted && startsLine;
}
