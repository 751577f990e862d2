/** The tail of the quieter half of a trial's slots. Pure. */
import { leastSlices } from "../scenario/messages-needed.js";

/**
 * The geometric mean of the p99 of the lower half of the slots that tell one, the middle one of an odd number not among them.
 * @returns null where fewer than five slots tell, or one of them tells 0
 */
export function quietP99(p99Us: readonly (number | null)[]): number | null {
  const logs = p99Us.flatMap((us) => (us === null ? [] : [Math.log(us)])).sort((a, b) => a - b);
  if (logs.length < leastSlices) return null;
  const lower = logs.slice(0, logs.length >> 1);
  const value = Math.exp(lower.reduce((sum, log) => sum + log, 0) / lower.length);
  return value > 0 ? value : null;
}
