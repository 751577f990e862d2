/**
 * Text as a terminal will show it. Names, log lines and close reasons come from outside: they must neither move
 * the cursor of whoever reads the report nor push a line past the width.
 */

/**
 * Control, format (bidirectional overrides among them), surrogate, private and unassigned code points, and every
 * space that is not the plain one: nobody would see which it is.
 */
const unprintable = /(?! )[\p{C}\p{Z}]/gu;

/** Code points that take two columns; the East Asian blocks and emoji, which is near enough for a report. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Writes out what a terminal would obey or hide: `\n`, `\x1b`, `\u{202e}`. */
export function escapeControls(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    if (character === "\t") return "\\t";
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
  });
}

/** What takes a column a character, as nearly every text does. */
const narrow = /^[\x20-\x7e]*$/;

/** Columns taken on a terminal. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : 1;
  return columns;
}

/** The start of a text that fits, ending in an ellipsis where something was cut. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return "";
  return `${splitAtWidth(text, width - 1).head.trimEnd()}…`;
}

/** Start and end of a text that is too wide: names of a matrix differ at their ends. */
export function cutInMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const { head } = splitAtWidth(text, Math.ceil((width - 1) / 2));
  const room = width - 1 - displayWidth(head);
  let tail = "";
  for (const character of [...text].reverse()) {
    if (displayWidth(tail) + displayWidth(character) > room) break;
    tail = character + tail;
  }
  return `${head}…${tail}`;
}

interface Indents {
  /** Spaces before the first line; 0 when left out. */
  readonly first?: number;
  /** Spaces before every further line; those of the first when left out. */
  readonly rest?: number;
}

/** Breaks a text at spaces, and a word that is too long for a line wherever it has to. */
export function wrapText(text: string, width: number, indents: Indents = {}): string[] {
  const first = " ".repeat(indents.first ?? 0);
  const rest = " ".repeat(indents.rest ?? indents.first ?? 0);
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  const breakLine = (): void => {
    lines.push(line);
    line = rest;
    isEmpty = true;
  };
  for (const whole of text.split(/ +/).filter((part) => part !== "")) {
    let word = whole;
    // Counted once: a word may be as long as a file, and have thousands of lines.
    let columns = displayWidth(word);
    if (!isEmpty && displayWidth(line) + 1 + columns > width) breakLine();
    while (displayWidth(line) + columns + (isEmpty ? 0 : 1) > width) {
      const { head, tail } = splitAtWidth(word, Math.max(2, width - displayWidth(line)));
      line += head;
      word = tail;
      columns -= displayWidth(head);
      breakLine();
    }
    if (word === "") continue;
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return isEmpty ? lines : [...lines, line];
}

function splitAtWidth(text: string, width: number): { head: string; tail: string } {
  let head = "";
  let columns = 0;
  for (const character of text) {
    columns += displayWidth(character);
    if (columns > width) break;
    head += character;
  }
  return { head, tail: text.slice(head.length) };
}
