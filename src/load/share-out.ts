/**
 * Spreads a whole number over threads so that nothing is lost: the first threads take the remainder, one each.
 * @returns `parts` whole numbers that sum to `total` and differ by at most 1
 */
export function shareOut(total: number, parts: number): number[] {
  const each = Math.floor(total / parts);
  const remainder = total - each * parts;
  return Array.from({ length: parts }, (_, index) => each + (index < remainder ? 1 : 0));
}
