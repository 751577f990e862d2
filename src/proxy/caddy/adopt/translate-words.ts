/**
 * Caddy's words about a copy, told of the user's own file and line.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import type { PrintedConfig } from "../language/print-config.js";

interface Copy {
  readonly printed: PrintedConfig;
  /** The copy's name. */
  readonly fileName: string;
  /** As the user named it. */
  readonly file: string;
}

/** "…, at adapted.caddyfile:7 import chain: ['']", or "adapted.caddyfile:7: …". */
export function translatePlaces(words: string, { printed, fileName, file }: Copy): string {
  return words
    .replace(/ import chain: \['?'?\]/, "")
    .replace(new RegExp(`(?:[^\\s:]*/)?${fileName.replace(".", "\\.")}:(\\d+)`, "g"), (_, line: string) => {
      const place = printed.places[Number(line) - 1] ?? null;
      return place === null ? `${file} (a line that wsrally added)` : placeWords(place);
    })
    .replaceAll(fileName, file);
}
