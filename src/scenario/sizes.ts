/**
 * Sizes of messages as people write them: `200`, `64..1500`, `lognormal(200, 2)`, or a file of sizes.
 */
import { readQuantity } from "../base/quantity.js";

/** How many bytes messages have, drawn by seed. */
export type SizeSpec =
  /** Any size of the range is as likely as any other. */
  | { readonly kind: "range"; readonly least: number; readonly most: number }
  /** Half of them are below the median, and two in three between median / spread and median × spread. */
  | { readonly kind: "lognormal"; readonly median: number; readonly spread: number }
  /** Each as often as it was counted. */
  | { readonly kind: "counted"; readonly sizes: readonly number[]; readonly counts: readonly number[] };

/** What a scenario says of them: its texts, unread. */
export interface SizeWish {
  readonly up: string;
  /** Null: a reply is as long as its message. */
  readonly down: string | null;
}

/** Room for the number that a message carries, so that a reply is matched with its own. */
export const leastSize = 8;
export const mostSize = 1_048_576;

export const sizeWords =
  "want a size from 8B to 1MiB, a range such as 64..1500, lognormal(MEDIAN, SPREAD) such as lognormal(200, 2), or a file of sizes";

/** @returns the file's name where it is one; null for what is neither */
export function readSizeText(
  text: string,
): SizeSpec | { readonly kind: "file"; readonly file: string } | null {
  const words = text.trim();
  const size = (part: string | undefined): number | null =>
    part === undefined ? null : readQuantity(part, { kind: "size", least: leastSize, most: mostSize });
  const [, from, to] = /^([^./]+)\.\.([^./]+)$/.exec(words) ?? [];
  if (from !== undefined) {
    const [least, most] = [size(from), size(to)];
    return least === null || most === null || least > most ? null : { kind: "range", least, most };
  }
  const [, middle, wide] = /^lognormal\(([^,]+),([^,]+)\)$/.exec(words) ?? [];
  if (middle !== undefined) {
    const [median, spread] = [size(middle), Number(wide)];
    return median !== null && spread >= 1 && spread <= 100 ? { kind: "lognormal", median, spread } : null;
  }
  const only = size(words);
  if (only !== null) return { kind: "range", least: only, most: only };
  return /^[^()]*[A-Za-z_/][^()]*$/.test(words) && /[./]/.test(words) ? { kind: "file", file: words } : null;
}
