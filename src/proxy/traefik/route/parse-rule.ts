/**
 * A router's rule as a tree: `Host(…) && (PathPrefix(…) || !Method(…))`, Go's operators and texts (vulcand/predicate).
 */

export type Rule =
  | { readonly kind: "and" | "or"; readonly parts: readonly Rule[] }
  | { readonly kind: "not"; readonly part: Rule }
  | Matcher;

export interface Matcher {
  readonly kind: "matcher";
  /** As it is written. */
  readonly name: string;
  readonly values: readonly string[];
}

type Token = { readonly kind: "word" | "text" | "sign"; readonly text: string };

const tokenPattern = /\s+|([A-Za-z]\w*)|(`[^`]*`|"(?:[^"\\]|\\.)*")|(&&|\|\||[!(),])/y;

/** Null for what is no rule. */
export function parseRule(rule: string): Rule | null {
  const tokens = tokensOf(rule);
  if (tokens === null) return null;
  const reading = { tokens, at: 0, depth: 0 };
  const parsed = readOr(reading);
  return reading.at === tokens.length ? parsed : null;
}

function tokensOf(rule: string): Token[] | null {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  for (let at = 0; at < rule.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const found = pattern.exec(rule);
    if (found === null) return null;
    const [, word, text, sign] = found;
    if (word !== undefined) tokens.push({ kind: "word", text: word });
    if (text !== undefined) tokens.push({ kind: "text", text: unquoted(text) });
    if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith("`") ? inner : inner.replace(/\\(.)/g, "$1");
}

interface Reading {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

const mostDepth = 100;

function takes(reading: Reading, sign: string): boolean {
  const token = reading.tokens[reading.at];
  if (token?.kind !== "sign" || token.text !== sign) return false;
  reading.at++;
  return true;
}

function readOr(reading: Reading): Rule | null {
  return readParts(reading, "||", "or", (one) => readParts(one, "&&", "and", readOne));
}

function readParts(
  reading: Reading,
  sign: string,
  kind: "and" | "or",
  read: (reading: Reading) => Rule | null,
): Rule | null {
  const parts: Rule[] = [];
  do {
    const part = read(reading);
    if (part === null) return null;
    parts.push(part);
  } while (takes(reading, sign));
  return parts.length === 1 ? (parts[0] as Rule) : { kind, parts };
}

function readOne(reading: Reading): Rule | null {
  if (++reading.depth > mostDepth) return null;
  try {
    if (takes(reading, "!")) {
      const part = readOne(reading);
      return part === null ? null : { kind: "not", part };
    }
    if (takes(reading, "(")) {
      const inner = readOr(reading);
      return takes(reading, ")") ? inner : null;
    }
    return readMatcher(reading);
  } finally {
    reading.depth--;
  }
}

function readMatcher(reading: Reading): Rule | null {
  const name = reading.tokens[reading.at];
  if (name?.kind !== "word") return null;
  reading.at++;
  if (!takes(reading, "(")) return null;
  const values: string[] = [];
  while (!takes(reading, ")")) {
    if (values.length > 0 && !takes(reading, ",")) return null;
    const value = reading.tokens[reading.at];
    if (value?.kind !== "text") return null;
    values.push(value.text);
    reading.at++;
  }
  return { kind: "matcher", name: name.text, values };
}

/** Every matcher of a rule, those that must not hold aside. */
export function matchersOf(rule: Rule | null): Matcher[] {
  if (rule === null || rule.kind === "not") return [];
  return rule.kind === "matcher" ? [rule] : rule.parts.flatMap(matchersOf);
}
