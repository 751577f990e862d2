/** Which connections are of which class of a mix, drawn by seed, and shared out over the generator's threads. */
import { createPrng, shuffled } from "../base/prng.js";
import type { Mix } from "../load/shape/mix.js";
import { type ConnectionClass, countsOfMix } from "../scenario/mix-schema.js";

/**
 * @param parts connections of each thread
 * @returns a mix for each thread; null for all where connections are alike
 */
export function mixParts(
  classes: readonly ConnectionClass[] | null,
  parts: readonly number[],
  seed: number,
): (Mix | null)[] {
  if (classes === null) return parts.map(() => null);
  const connections = parts.reduce((sum, part) => sum + part, 0);
  const inOrder = countsOfMix(classes, connections).flatMap((count, at) => Array<number>(count).fill(at));
  // In no order: neighbours have the same thread, and every second or third the same port.
  const classOf = Uint8Array.from(shuffled(inOrder, createPrng(seed)));
  let first = 0;
  return parts.map((part) => {
    first += part;
    return { ratesPerS: classes.map(({ rate }) => rate), classOf: classOf.slice(first - part, first) };
  });
}
