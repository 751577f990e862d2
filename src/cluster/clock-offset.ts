/**
 * How far another machine's clock is from this one's, by asking it: the answer that came soonest leaves the least room for
 * an error, half of its round trip.
 */
export interface ClockOffset {
  /** The other clock minus this one. */
  readonly offsetNs: number;
  /** Of the question whose answer it is. */
  readonly rttNs: number;
}

/** Questions: enough that one of them met nothing on its way. */
const questions = 64;
/** Where they take long, fewer will do. */
const longEnoughNs = 1e9;

/**
 * @param ask reads the other clock
 * @param now reads this one, in nanoseconds
 */
export async function measureOffset(ask: () => Promise<number>, now: () => number): Promise<ClockOffset> {
  let best: ClockOffset = { offsetNs: 0, rttNs: Number.POSITIVE_INFINITY };
  const beganNs = now();
  for (let asked = 0; asked < questions; asked++) {
    const sentNs = now();
    const theirsNs = await ask();
    const answeredNs = now();
    const rttNs = answeredNs - sentNs;
    if (rttNs < best.rttNs) best = { offsetNs: Math.round(theirsNs - (sentNs + answeredNs) / 2), rttNs };
    if (answeredNs - beganNs > longEnoughNs && asked >= 7) break;
  }
  return best;
}
