/**
 * What a load is shaped like beyond its count and rate, as a generator thread gets it: files read, texts parsed. A plain
 * load has none of it, and pays for none.
 */

import type { RecordedTraffic } from "../../scenario/replay/session.js";
import type { SizeSpec } from "../../scenario/sizes.js";
import type { Leg } from "../../scenario/stages.js";
import type { TimeSpread } from "../../scenario/time-spread.js";
import type { Mix } from "./mix.js";

export interface LoadShape {
  /** Null unless the message is of the kind `sized`. */
  readonly sizes: Sizes | null;
  /** How much DEFLATE is to save of what sized messages are filled with, in percent. */
  readonly savedPercent: number;
  /** Of the thread's own connections; null: all are of one class. */
  readonly mix: Mix | null;
  /** Null: the rate stays the same. */
  readonly rateLegs: RateLegs | null;
  /** When each stage of which figures are told is over, in seconds of the measured window; empty without stages. */
  readonly stageEndsS: readonly number[];
  /** Of a closed loop; null: the next message follows the reply at once. */
  readonly think: TimeSpread | null;
  /** Null unless the message is of the kind `replayed`. */
  readonly replay: RecordedTraffic | null;
}

export interface Sizes {
  readonly up: SizeSpec;
  /** Null: a reply is as long as its message. */
  readonly down: SizeSpec | null;
}

/** Of the whole arm. */
interface RateLegs {
  readonly legs: readonly Leg[];
  /** What they come to, a second: a thread's share of it is its share of every leg. */
  readonly ratePerS: number;
  /** Whether they begin with the load; else with the measured window, and the warm-up is at the first one's rate. */
  readonly fromStart: boolean;
}

export const plainShape: LoadShape = {
  sizes: null,
  savedPercent: 0,
  mix: null,
  rateLegs: null,
  stageEndsS: [],
  think: null,
  replay: null,
};
