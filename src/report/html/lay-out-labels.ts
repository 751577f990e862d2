/** Words over places of an axis, on as many rows as keep them apart. */

interface Label {
  /** Where the middle of its words belongs. */
  readonly at: number;
  readonly width: number;
}

interface PlacedLabel {
  /** Where its words begin. */
  readonly left: number;
  /** 0 is the nearest to the axis. */
  readonly row: number;
}

const gap = 8;

/** In the order of the labels: none beyond the ends where it need not be, none upon another of its row. */
export function layOutLabels(
  labels: readonly Label[],
  [from, to]: readonly [from: number, to: number],
): PlacedLabel[] {
  const rows: { readonly left: number; readonly right: number }[][] = [];
  return labels.map(({ at, width }) => {
    const left = Math.max(from, Math.min(to - width, at - width / 2));
    const right = left + width;
    const isFree = (taken: (typeof rows)[number]): boolean =>
      taken.every((other) => other.right + gap <= left || right + gap <= other.left);
    const free = rows.findIndex(isFree);
    const row = free < 0 ? rows.length : free;
    rows[row] = [...(rows[row] ?? []), { left, right }];
    return { left, row };
  });
}
