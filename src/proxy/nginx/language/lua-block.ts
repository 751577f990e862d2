/**
 * Where a block of Lua code ends in a config: by Lua's own strings and comments, which may hold braces.
 */

/**
 * @param start the index after the opening brace
 * @returns the index of the closing brace, or null when there is none, or a string or long comment that does not end
 */
export function endOfLuaBlock(text: string, start: number): number | null {
  // In turn: long comment or string, line comment, quoted strings, braces. Each begins where another has ended: what
  // would have to be looked for twice ends the search, so that no text takes longer than its length.
  const piece = /(?:--)?\[(=*)\[|--|["'{}]/g;
  piece.lastIndex = start;
  let depth = 1;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [mark, level] = match;
    if (mark === "{") depth++;
    else if (mark === "}") {
      if (--depth === 0) return match.index;
    } else {
      const end =
        level === undefined
          ? endOfPiece(text, mark, piece.lastIndex)
          : text.indexOf(`]${level}]`, piece.lastIndex);
      if (end === -1) return null;
      piece.lastIndex = end + (level === undefined ? 1 : level.length + 2);
    }
  }
  return null;
}

/** The last index of a line comment or a quoted string; -1 for a string that its line does not end. */
function endOfPiece(text: string, mark: string, start: number): number {
  if (mark === "--") {
    const end = text.indexOf("\n", start);
    return end === -1 ? text.length : end;
  }
  for (let at = start; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === mark) return at;
  }
  return -1;
}
