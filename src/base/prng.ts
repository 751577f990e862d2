/**
 * A seeded generator for orders, phases and payloads. `Math.random` is never used: a run's seed is printed and
 * stored, and the same seed plans the same run on every machine.
 */
export interface Prng {
  /** A whole number, 0 up to 2³² − 1. */
  nextUint32(): number;
  /** A number in [0, 1), with 32 bits. */
  nextFloat(): number;
}

/** splitmix32 (Steele, Lea & Flood 2014, in its 32-bit form with the murmur3 finaliser). */
export function createPrng(seed: number): Prng {
  let state = seed >>> 0;
  const nextUint32 = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return { nextUint32, nextFloat: () => nextUint32() / 2 ** 32 };
}

/** A whole number below `bound` without modulo bias (rejection). */
export function nextBelow(prng: Prng, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound);
  let value = prng.nextUint32();
  while (value >= limit) value = prng.nextUint32();
  return value % bound;
}

/** A new array with the items in an order drawn by Fisher-Yates. */
export function shuffled<Item>(items: readonly Item[], prng: Prng): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = nextBelow(prng, i + 1);
    const held = result[i] as Item;
    result[i] = result[j] as Item;
    result[j] = held;
  }
  return result;
}
