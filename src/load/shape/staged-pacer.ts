/**
 * A schedule whose rate changes: it holds or goes evenly from one value to another, leg by leg, and is held at the last value
 * behind the last leg. Message k falls due when the legs come to k messages; arrivals by chance are those of rate one, on
 * that clock (time change of a Poisson process: Lewis and Shedler, 1979).
 */
import type { Pacer } from "../../base/pacer.js";
import type { Prng } from "../../base/prng.js";
import type { Leg } from "../../scenario/stages.js";

/**
 * @param legs in messages a second of this thread
 * @param phase of the first message, in [0, 1), where they are evenly spaced
 * @param prng draws arrivals by chance; null: they are evenly spaced
 */
export function createStagedPacer(legs: readonly Leg[], phase: number, prng: Prng | null): Pacer {
  const last = legs.at(-1)?.to ?? 0;
  let at = 0;
  let leg: Leg = legs[0] ?? { forS: Infinity, from: 0, to: 0 };
  /** Where the leg begins. */
  let startS = 0;
  let startCount = 0;
  let wanted = prng === null ? phase - 1 : 0;
  return {
    nextNs() {
      wanted += prng === null ? 1 : -Math.log(1 - prng.nextFloat());
      while (Number.isFinite(leg.forS) && wanted >= startCount + countOf(leg)) {
        startCount += countOf(leg);
        startS += leg.forS;
        leg = legs[++at] ?? { forS: Infinity, from: last, to: last };
      }
      return (startS + timeOf(wanted - startCount, leg)) * 1e9;
    },
  };
}

function countOf({ forS, from, to }: Leg): number {
  return (forS * (from + to)) / 2;
}

/** When a leg comes to so many: the root of from × t + (to − from) / (2 × forS) × t², without its cancellation. */
function timeOf(count: number, { forS, from, to }: Leg): number {
  if (count === 0) return 0;
  const growth = Number.isFinite(forS) ? (to - from) / forS : 0;
  return (2 * count) / (from + Math.sqrt(Math.max(0, from * from + 2 * growth * count)));
}
