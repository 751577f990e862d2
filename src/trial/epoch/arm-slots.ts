/** One arm's part of an epoch (slot-plan.ts draws it). */
import type { Leg } from "../../scenario/stages.js";

export interface Silence {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface ArmSlots {
  /** Its load from the start to the window's end, in messages a second. */
  readonly legs: readonly Leg[];
  readonly ratePerS: number;
  /** In its own slots, and before them. */
  readonly loadedNs: number;
  readonly warmupNs: number;
  /**
   * When nobody sends, in nanoseconds since the window opened: before its first slot, and at the end of every one, whosever it is.
   */
  readonly silences: readonly Silence[];
  /** Whether a moment of the window, in nanoseconds since it opened, is in one of its slots. */
  owns(sinceNs: number): boolean;
}
