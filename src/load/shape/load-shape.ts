/**
 * What a load is shaped like beyond its count and rate, as a generator thread gets it: files read, texts parsed. A plain
 * load has none of it, and pays for none.
 */
import type { SizeSpec } from "../../scenario/sizes.js";

export interface LoadShape {
  /** Null unless the message is of the kind `sized`. */
  readonly sizes: Sizes | null;
  /** How much DEFLATE is to save of what sized messages are filled with, in percent. */
  readonly savedPercent: number;
}

export interface Sizes {
  readonly up: SizeSpec;
  /** Null: a reply is as long as its message. */
  readonly down: SizeSpec | null;
}

export const plainShape: LoadShape = { sizes: null, savedPercent: 0 };
