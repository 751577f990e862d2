/**
 * Text for a terminal whose locale is not UTF-8: every character that a report draws with has a stand-in of the same
 * width, so that columns and charts keep their shape and lines stay apart.
 */
import { displayWidth } from "./plain-text.js";

/** Each row: what is drawn, and what stands for it. */
const standIns: readonly (readonly [drawn: string, plain: string])[] = [
  ["─", "-"],
  ["┄▲", ".^"],
  ["╰╭╮╯", "++++"],
  ["│┤", "||"],
  ["┼", "+"],
  ["━┗┏┓┛┃", "======"],
  ["═╚╔╗╝║", "######"],
  ["·░", ".."],
  ["▒", "%"],
  ["█", "#"],
  ["●", "o"],
  ["×", "x"],
  ["■", "#"],
  ["…", "~"],
  ["–", "-"],
  ["µμ", "uu"],
  ["²₁₂", "212"],
  ["’", "'"],
];

const plainOf: ReadonlyMap<string, string> = new Map(
  standIns.flatMap(([drawn, plain]) =>
    [...drawn].map((character, i) => [character, plain[i] ?? "?"] as const),
  ),
);

/** Every character within ASCII, in as many columns; what has no stand-in, such as a name in Kanji, is `?`. */
export function toAscii(text: string): string {
  return text.replace(
    /[^\0-\x7f]/gu,
    (character) => plainOf.get(character) ?? "?".repeat(displayWidth(character)),
  );
}
