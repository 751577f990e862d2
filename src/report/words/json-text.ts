/** A document as JSON that is safe to print. */

/** What JSON may hold raw and a terminal would obey or hide: DEL, C1 controls, bidirectional marks, separators. */
const hidden = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** What a CI service would obey in a log: `##[error]`, `##vso[…]`. */
const command = /#(?=#\w*\[)/g;

/** Indented, ending in a newline; the same data to every JSON parser. */
export function jsonText(document: unknown): string {
  const written = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = JSON.stringify(document, null, 2).replace(hidden, written).replace(command, written);
  return `${text}\n`;
}
