/** The fewest blocks with which anything can be proven at all. */

/**
 * The smallest n with `2⁻ⁿ ≤ level`: the p-value when every one of n blocks points the same way.
 *
 * @param level the one-sided level of the first Holm step: family level / number of comparisons
 */
export function minimumBlocks(level: number): number {
  let blocks = 0;
  while (0.5 ** blocks > level) blocks++;
  return blocks;
}
