/**
 * Spreads a whole number over threads so that nothing is lost: the first threads take the remainder, one each.
 * @returns `parts` whole numbers that sum to `total` and differ by at most 1
 */
export function shareOut(total: number, parts: number): number[] {
  const each = Math.floor(total / parts);
  const remainder = total - each * parts;
  return Array.from({ length: parts }, (_, index) => each + (index < remainder ? 1 : 0));
}

/**
 * The same in whole units, as far as they go: what shares a connection is on one thread.
 * @returns no part of 0, so that there may be fewer than `parts`
 */
export function shareOutUnits(total: number, unit: number, parts: number): number[] {
  const units = Math.ceil(total / unit);
  let left = total;
  return shareOut(units, Math.min(parts, units)).map((share) => {
    const part = Math.min(left, share * unit);
    left -= part;
    return part;
  });
}
