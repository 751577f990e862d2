/**
 * Where a block of Lua code ends in a config: by Lua's own strings and comments, which may hold braces.
 */

/**
 * @param start the index after the opening brace
 * @returns the index of the closing brace, or null when there is none
 */
export function endOfLuaBlock(text: string, start: number): number | null {
  // In turn: long comment or string, line comment, quoted strings, braces.
  const piece =
    /(?:--)?\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|[{}]/g;
  piece.lastIndex = start;
  let depth = 1;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    if (match[0] === "{") depth++;
    if (match[0] === "}" && --depth === 0) return match.index;
  }
  return null;
}
