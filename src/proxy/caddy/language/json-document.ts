/**
 * JSON with the line of every value, so that a JSON config can be pointed at as a Caddyfile can.
 */
import type { Place } from "../../../diagnosis/quote.js";
import { ConfigRefusedError } from "../../config-refused-error.js";

export type JsonPath = readonly (string | number)[];

export interface JsonDocument {
  readonly value: unknown;
  /** Of a value, or of the nearest above it that is written. */
  placeOf(path: JsonPath): Place;
}

/** @throws ConfigRefusedError with file and line */
export function readJson(text: string, file: string): JsonDocument {
  const lines = new Map<string, number>();
  const value = new JsonReader(text, file, lines).read();
  return {
    value,
    placeOf(path) {
      for (let length = path.length; length >= 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return { file, line };
      }
      return { file, line: 1 };
    },
  };
}

function keyOf(path: JsonPath): string {
  return JSON.stringify(path);
}

/** Deeper than any config is. */
const deepest = 200;

class JsonReader {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: Map<string, number>;
  #at = 0;
  #line = 1;

  constructor(text: string, file: string, lines: Map<string, number>) {
    this.#text = text;
    this.#file = file;
    this.#lines = lines;
  }

  read(): unknown {
    const value = this.#value([]);
    this.#space();
    if (this.#at < this.#text.length) throw this.#refused("something stands behind the end of the JSON");
    return value;
  }

  #value(path: JsonPath): unknown {
    this.#space();
    if (path.length > deepest) throw this.#refused(`it is nested deeper than ${deepest}`);
    this.#lines.set(keyOf(path), this.#lines.get(keyOf(path)) ?? this.#line);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(path);
      case "[":
        return this.#array(path);
      case '"':
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #object(path: JsonPath): Record<string, unknown> {
    const found: Record<string, unknown> = Object.create(null);
    this.#at++;
    for (let isFirst = true; !this.#ends("}"); isFirst = false) {
      if (!isFirst) this.#take(",");
      this.#space();
      const line = this.#line;
      const name = this.#string();
      this.#take(":");
      this.#lines.set(keyOf([...path, name]), line);
      found[name] = this.#value([...path, name]);
    }
    return found;
  }

  #array(path: JsonPath): unknown[] {
    const found: unknown[] = [];
    this.#at++;
    while (!this.#ends("]")) {
      if (found.length > 0) this.#take(",");
      found.push(this.#value([...path, found.length]));
    }
    return found;
  }

  #string(): string {
    const match = /"(?:[^"\\\n]|\\.)*"/y;
    match.lastIndex = this.#at;
    return this.#parsed(match.exec(this.#text)?.[0]) as string;
  }

  #literal(): unknown {
    const match = /[^\s,\]}]+/y;
    match.lastIndex = this.#at;
    return this.#parsed(match.exec(this.#text)?.[0]);
  }

  #parsed(text: string | undefined): unknown {
    try {
      const value: unknown = JSON.parse(text ?? "");
      this.#at += (text ?? "").length;
      return value;
    } catch {
      throw this.#refused(
        `invalid JSON at ${JSON.stringify(text ?? this.#text.slice(this.#at, this.#at + 12))}`,
      );
    }
  }

  #ends(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at++;
    return true;
  }

  #take(character: string): void {
    this.#space();
    if (this.#text[this.#at] !== character) throw this.#refused(`invalid JSON: '${character}' is missing`);
    this.#at++;
  }

  #space(): void {
    for (; /\s/.test(this.#text[this.#at] ?? ""); this.#at++) if (this.#text[this.#at] === "\n") this.#line++;
  }

  #refused(words: string): ConfigRefusedError {
    return new ConfigRefusedError("Caddy", this.#file, `${words}, at ${this.#file}:${this.#line}`);
  }
}
