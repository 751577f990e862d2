/**
 * The secrets that a command was given, or found in a config: wherever one of them stands again, in a body that repeats it or
 * in a program's words, it is masked too.
 */
import { mapStrings } from "./map-strings.js";
import { type Found, isVariable, mask, maskHeader, maskText, maskUrl } from "./mask-secrets.js";

/** Shorter ones are masked where they are known to stand, and not wherever the same letters do. */
const leastLength = 6;
/** So is a word, which stands in other places for itself. */
const plainWord = /^(?:[a-z]{0,11}|\d{0,8})$/i;

export class Secrets {
  readonly #values = new Set<string>();

  /** For the masking functions: remembers a value, as it is and as it travels. */
  readonly found: Found = (value) => {
    if (!plainWord.test(value)) this.#add(value);
  };

  addUrl(url: string): this {
    maskUrl(url, this.found);
    return this;
  }

  /** Of a header that the user gave: its value, whatever its name, and each secret in it. */
  addHeader(name: string, value: string): this {
    this.#add(value);
    maskHeader(name, value, (secret) => this.#add(secret));
    const basic = /^Basic\s+(\S+)$/i.exec(value)?.[1];
    const decoded = basic === undefined ? "" : Buffer.from(basic, "base64").toString("utf8");
    this.#add(decoded.slice(decoded.indexOf(":") + 1));
    return this;
  }

  #add(value: string): void {
    for (const form of formsOf(value))
      if (form.length >= leastLength && form !== mask && !isVariable(value)) this.#values.add(form);
  }

  /** The text without them, and without what can be told for a secret in any text. */
  hide(text: string): string {
    // The longest first: one may be a part of another.
    const values = [...this.#values].sort((a, b) => b.length - a.length);
    return maskText(values.reduce((hidden, value) => hidden.replaceAll(value, mask), text));
  }

  /** The same for every string of plain data. */
  hideIn<Data>(data: Data): Data {
    return mapStrings(data, (text) => this.hide(text));
  }
}

/** As it was given, decoded, encoded for a URL, and within JSON. */
function formsOf(value: string): string[] {
  return [value, decoded(value), encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A percent sign that encodes nothing.
    return value;
  }
}
