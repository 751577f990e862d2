/**
 * The name that a mistyped one most likely stands for.
 */

/** Null when nothing is near: more than a third of the letters would have to change. */
export function nearestName(mistyped: string, names: readonly string[]): string | null {
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = editDistance(mistyped, name);
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best !== null && best.distance <= Math.max(1, mistyped.length / 3) ? best.name : null;
}

/** ` (did you mean NAME?)`, or nothing. */
export function meantWords(mistyped: string, names: readonly string[]): string {
  const near = nearestName(mistyped, names);
  return near === null ? "" : ` (did you mean ${near}?)`;
}

/** Levenshtein's distance, in which two letters that changed places are one mistake; one row at a time. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? (before[j - 2] as number) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] as number;
}
