/**
 * Alternating slots: all proxies of a round hold their connections, and the load goes to one of them at a time. How long
 * slots are, and which arm has which: a cycle gives each arm one, in an order drawn anew (docs/statistics.md, Slots). Pure.
 */
import { type Prng, shuffled } from "../../base/prng.js";
import { sliceLengthS, sliceMessages, usualSliceS } from "../../scenario/messages-needed.js";
import type { Leg } from "../../scenario/stages.js";
import type { TrialLoad } from "../series.js";
import type { ArmSlots } from "./arm-slots.js";

/** Nobody sends at a slot's end, so that the queues are empty when the next one begins. */
const gapS = 0.012;
/** The same between warm-up and window, in which everybody's counters are read. */
const restS = 0.03;
/**
 * Of the warm-up of a trial of its own: one message a connection makes its buffers, and slots, which compare what lies side by side,
 * need no warmth besides.
 */
const warmupShare = 0.5;
/** Longer slots are blocks by another name. */
const longestSlotS = 0.5;
/** With fewer cycles there is little to alternate. */
const leastCycles = 3;
/** Slices of a longer window are longer than a tenth of a second, and would lie across slots. */
const longestEpochS = 10;
/** What a window has to come to. */
export const slotRule = `slots of ${usualSliceS} to ${longestSlotS} s with ${sliceMessages} messages in each, ${leastCycles} or more an arm, and ${longestEpochS} s or less for all arms`;
/** As `toTrialSlices` joins them: keeps a slice from falling before its slot by rounding. */
const tolerance = 1e-6;

export interface SlotPlan {
  /** Of a slot with its gap, in seconds: a slice. The shorter, the more the arms of a cycle have alike. */
  readonly slotS: number;
  /** Slots that each arm has in the window. */
  readonly cycles: number;
  /** Before the window, of each arm. */
  readonly warmupS: number;
}

interface Epoch {
  /** Before the window, all arms' warm-ups together. */
  readonly warmupS: number;
  readonly durationS: number;
  readonly arms: readonly ArmSlots[];
}

/**
 * @param load of each arm alone
 * @param messages that an arm's slots must hold together, as a window of its own would
 * @param warmupS what was asked for; null for what it takes
 * @returns null where slots do not fit: no rate to keep to, too few messages in a slot, or too many slots in a window
 */
export function planSlots(
  load: TrialLoad,
  arms: number,
  messages: number,
  warmupS: number | null,
): SlotPlan | null {
  const { ratePerS, durationS } = load;
  if (ratePerS === null) return null;
  const slotS = sliceLengthS(ratePerS);
  const neededS = Math.min(messages / ratePerS, durationS);
  const cycles = Math.max(Math.round(durationS / slotS), Math.ceil(neededS / (slotS - gapS) - tolerance));
  const fits = slotS <= longestSlotS && cycles >= leastCycles && arms * cycles * slotS <= longestEpochS;
  return fits ? { slotS, cycles, warmupS: warmupInSlots(warmupS, load.warmupS) } : null;
}

/**
 * @param asked null for what it takes
 * @param ofTrialS of a trial of its own
 * @returns seconds of each arm's warm-up
 */
export function warmupInSlots(asked: number | null, ofTrialS: number): number {
  return asked ?? ofTrialS * warmupShare;
}

/** Draws who has which slot. @param ratePerS of each arm alone */
export function drawEpoch(
  { slotS, cycles, warmupS }: SlotPlan,
  ratePerS: number,
  arms: number,
  prng: Prng,
): Epoch {
  const places = Array.from({ length: arms }, (_, arm) => arm);
  const turns = Array.from({ length: cycles }, () => shuffled(places, prng)).flat();
  const held = (forS: number, rate: number): Leg => ({ forS, from: rate, to: rate });
  const restless = restS - gapS;
  const silences = Array.from({ length: turns.length + 1 }, (_, slot) => ({
    fromNs: (slot * slotS - gapS) * 1e9,
    toNs: slot * slotS * 1e9,
  }));
  return {
    warmupS: arms * (warmupS + gapS) + restless,
    durationS: turns.length * slotS,
    arms: places.map((arm): ArmSlots => {
      const slotsOf = (whose: readonly number[], forS: number): Leg[] =>
        whose.flatMap((one) => [held(forS, one === arm ? ratePerS : 0), held(gapS, 0)]);
      return {
        legs: [...slotsOf(places, warmupS), held(restless, 0), ...slotsOf(turns, slotS - gapS)],
        ratePerS,
        loadedNs: cycles * (slotS - gapS) * 1e9,
        warmupNs: warmupS * 1e9,
        silences,
        owns: (sinceNs) => turns[Math.floor(sinceNs / 1e9 / slotS + tolerance)] === arm,
      };
    }),
  };
}
