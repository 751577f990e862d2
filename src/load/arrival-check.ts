/**
 * Holds the sends of an open loop to the arrivals that were asked for, by when they really went out: the gaps between a
 * thread's sends against those of its schedule.
 */
import type { StartOrder, ThreadJob } from "./messages.js";

/** Gaps are counted by their share of the mean one, this finely … */
const placesPerMean = 32;
/** … up to eight of it, which one exponential gap in 3,000 exceeds. */
const places = 8 * placesPerMean;
/** Fewer tell nothing: even of the right ones a hundred are some 0.1 off. */
const fewest = 100;

/** @returns null where messages do not fall due at one rate: in a closed loop, with stages, a mix or a replay */
export function createArrivalCheck(
  { ratePerS, arrivals }: Pick<StartOrder, "ratePerS" | "arrivals">,
  { mix, rateLegs, replay }: Pick<ThreadJob["shape"], "mix" | "rateLegs" | "replay">,
): ArrivalCheck | null {
  const isSteady = mix === null && rateLegs === null && replay === null;
  return ratePerS === null || !isSteady ? null : new ArrivalCheck(ratePerS, arrivals);
}

export class ArrivalCheck {
  readonly #placesPerNs: number;
  readonly #arrivals: StartOrder["arrivals"];
  /** Gaps by their place; the last has all that are longer. */
  readonly #counts = new Uint32Array(places + 1);
  #count = 0;
  #lastNs = Number.NaN;

  /** @param ratePerS of the thread */
  constructor(ratePerS: number, arrivals: StartOrder["arrivals"]) {
    this.#placesPerNs = (placesPerMean * ratePerS) / 1e9;
    this.#arrivals = arrivals;
  }

  /** One message went out then. */
  sent(timeNs: number): void {
    const place = (timeNs - this.#lastNs) * this.#placesPerNs;
    this.#lastNs = timeNs;
    if (Number.isNaN(place)) return;
    const index = place < places ? place | 0 : places;
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#count++;
  }

  /**
   * How far off the gaps are, from 0 to 1. Of Poisson arrivals: the greatest difference between the share of gaps up to
   * any length and that of exponential ones (the distance of Kolmogorov and Smirnov). Of even ones: the share of gaps under
   * a half or over one and a half of the even one.
   * @returns null for too few sends
   */
  off(): number | null {
    if (this.#count < fewest) return null;
    return this.#arrivals === "poisson" ? this.#offExponential() : this.#offEven();
  }

  #offExponential(): number {
    let sum = 0;
    let off = 0;
    for (let place = 0; place < places; place++) {
      sum += this.#counts[place] as number;
      off = Math.max(off, Math.abs(sum / this.#count - (1 - Math.exp(-(place + 1) / placesPerMean))));
    }
    return off;
  }

  #offEven(): number {
    let even = 0;
    for (let place = placesPerMean / 2; place < placesPerMean * 1.5; place++) {
      even += this.#counts[place] as number;
    }
    return 1 - even / this.#count;
  }
}
