/** Figures of several rounds, and how they are written. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** "12,345" */
export function whole(value) {
  return Math.round(value).toLocaleString("en-US");
}

export function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
