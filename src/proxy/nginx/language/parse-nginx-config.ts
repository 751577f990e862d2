/**
 * Reads nginx's config language into a tree, by the rules of nginx's own reader (ngx_conf_read_token): quotes count
 * only at a word's beginning, `#` likewise, a backslash keeps the next character from meaning anything.
 */
import { NginxRefusedError } from "../run/config-refused-error.js";
import { type NginxToken, tokenizeNginxConfig } from "./nginx-tokens.js";
import type { Directive } from "./nginx-tree.js";

/** nginx itself has a use for six or so. */
const mostNested = 100;

/**
 * @param file names the text in errors and origins
 * @throws NginxRefusedError with nginx's own words for it when the text is no well-formed config
 */
export function parseNginxConfig(text: string, file: string): Directive[] {
  const refuse = (words: string, line: number): NginxRefusedError =>
    new NginxRefusedError(file, `${words} in ${file}:${line}`);
  const root: Directive[] = [];
  const open: { readonly items: Directive[]; readonly line: number }[] = [{ items: root, line: 0 }];
  let words: Extract<NginxToken, { kind: "word" }>[] = [];
  let lastLine = 1;

  for (const token of tokenizeNginxConfig(text, refuse)) {
    lastLine = token.line;
    if (token.kind === "word") {
      words.push(token);
      continue;
    }
    const [first, ...rest] = words;
    if (token.kind === "close") {
      if (first !== undefined || open.length === 1) throw refuse('unexpected "}"', token.line);
      open.pop();
      continue;
    }
    if (first === undefined) throw refuse(`unexpected "${token.kind === "end" ? ";" : "{"}"`, token.line);
    const block: Directive[] | null = token.kind === "open" ? [] : null;
    const origin = { file, line: first.line };
    open.at(-1)?.items.push({ name: first.value, args: rest.map(({ value }) => value), block, origin });
    if (open.length > mostNested) throw refuse(`blocks are nested more than ${mostNested} deep`, token.line);
    if (block !== null) open.push({ items: block, line: first.line });
    words = [];
  }
  if (words.length > 0) throw refuse('unexpected end of file, expecting ";" or "}"', lastLine);
  if (open.length > 1) throw refuse('unexpected end of file, expecting "}"', lastLine);
  return root;
}
