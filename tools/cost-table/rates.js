/** At what rate a proxy is paced. */
import { middleOf } from "../../build/stats/middle-of.js";
import { armIn, runsOf, soundTrials } from "./had.js";

/** Of what the same proxy with the same config carried at saturation. */
const pacedShare = 0.3;

/**
 * The share of what the arm carried in the first run of the saturated cell that tells it; half of the last one where no
 * trial at that rate was sound. It stays the same otherwise, for trials at another are another figure's.
 * @returns whole messages a second; null where no trial at saturation was sound
 */
export function pacedRate(name, cell, flags) {
  const paced = runsOf(cell, flags).flatMap((run) => armIn(run, name) ?? []);
  const last = paced.at(-1)?.ratePerS;
  if (last != null) {
    const isSound = paced.some((arm) => arm.ratePerS === last && soundTrials(arm).length > 0);
    return isSound ? last : Math.max(1, Math.round(last / 2));
  }
  const carried = runsOf({ ...cell, load: "saturation" }, flags)
    .flatMap((run) => armIn(run, name) ?? [])
    .map((arm) => middleOf(soundTrials(arm).map(({ throughputPerS }) => throughputPerS)))
    .find((perS) => perS !== null);
  return carried === undefined ? null : Math.max(1, Math.round(pacedShare * carried));
}
