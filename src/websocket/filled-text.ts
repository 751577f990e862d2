/** A text that every connection completes with values of its own. */

/** What all have, and the numbers of the values between. */
export type FilledText = string | readonly (string | number)[];

/** @param row a connection's values */
export function fillText(text: FilledText, row: readonly string[]): string {
  if (typeof text === "string") return text;
  let filled = "";
  for (const part of text) filled += typeof part === "string" ? part : (row[part] ?? "");
  return filled;
}
