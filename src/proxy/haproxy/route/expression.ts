/**
 * Sample expressions: a fetch with its arguments and the converters behind it, as `req.hdr(host),lower,field(1,:)`.
 */

export interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

export interface Expression {
  readonly fetch: Call;
  readonly converters: readonly Call[];
}

/** Null for what is no expression. */
export function parseExpression(text: string): Expression | null {
  const calls = splitOutside(text, ",").map(parseCall);
  const [fetch, ...converters] = calls;
  if (fetch === null || fetch === undefined || converters.includes(null)) return null;
  return { fetch, converters: converters.filter((call) => call !== null) };
}

function parseCall(text: string): Call | null {
  const trimmed = text.trim();
  const match = /^([\w.-]+)(?:\(([\s\S]*)\))?$/.exec(trimmed);
  if (match === null) return null;
  const [, name = "", inner] = match;
  return { name, args: inner === undefined ? [] : splitOutside(inner, ",").map(unquoted) };
}

/** Splits where no quote and no bracket is open. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    if (character === separator && depth === 0 && quote === "") parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function unquoted(word: string): string {
  return word.trim().replace(/^(["'])([\s\S]*)\1$/, "$2");
}
