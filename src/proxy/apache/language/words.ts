/**
 * How Apache cuts a line into words (ap_getword_conf, and mod_rewrite's own way), and how a word is written so that it
 * is read back.
 */

export interface Words {
  readonly words: readonly string[];
  /** Where each word of the text begins and ends, its quotes included. */
  readonly spans: readonly (readonly [start: number, end: number])[];
}

/**
 * Directives of mod_rewrite, which has quoting of its own (parseargline): backslashes stay, none stands before a quote, and one
 * before a blank holds a bare word together.
 */
const ownWords = new Set(["rewriterule", "rewritecond"]);

/** @param key of the directive, in lower case */
export function splitWords(text: string, key: string): Words {
  const isRewrite = ownWords.has(key);
  const words: string[] = [];
  const spans: [number, number][] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const start = at;
    const quote = text[at] === '"' || text[at] === "'" ? (text[at] as string) : "";
    if (quote === "") {
      while (at < text.length && !isBlank(text[at]))
        at += isRewrite && text[at] === "\\" && isBlank(text[at + 1]) ? 2 : 1;
      at = Math.min(at, text.length);
      words.push(isRewrite ? text.slice(start, at) : text.slice(start, at).replaceAll("\\\\", "\\"));
    } else {
      at++;
      while (at < text.length && text[at] !== quote) {
        const next = text[at + 1];
        at += !isRewrite && text[at] === "\\" && (next === quote || next === "\\") ? 2 : 1;
      }
      const inner = text.slice(start + 1, at);
      words.push(isRewrite ? inner : inner.replace(new RegExp(`\\\\([\\\\${quote}])`, "g"), "$1"));
      at++;
    }
    spans.push([start, Math.min(at, text.length)]);
  }
  return { words, spans };
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text[at])) at++;
  return at;
}

/** @param key of the directive that it stands behind, in lower case */
export function printWord(word: string, key: string): string {
  if (word !== "" && !/[\s"']|\\\\|\\$/.test(word)) return word;
  if (!ownWords.has(key)) return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  // As it was written: bare, or in the quotes that it does not hold.
  const isBare = /^[^"']/.test(word) && !/(?:^|[^\\])[ \t]|\\$/.test(word);
  if (isBare) return word;
  return word.includes('"') ? `'${word}'` : `"${word}"`;
}
