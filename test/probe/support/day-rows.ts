/** Which rows of the corpus are probed by day, with the other tests, and which by night alone. */
import { type CorpusRow, corpus } from "../corpus-rows.js";

/** Each row takes a fifth of a second of processor time, and an id has up to thirty of them. */
const rowsAnId = 3;

function dayRowsOf(rows: readonly CorpusRow[]): ReadonlySet<CorpusRow> {
  const shown = new Map<string, number>();
  const timesShown = (id: string): number => shown.get(id) ?? 0;
  const day = rows.filter((row) => {
    if (row.isNightly === true) return false;
    const ids = [...row.faults, ...(row.warnings ?? []), ...(row.notes ?? [])];
    if (ids.length > 0 && ids.every((id) => timesShown(id) >= rowsAnId)) return false;
    for (const id of ids) shown.set(id, timesShown(id) + 1);
    return true;
  });
  return new Set(day);
}

const byDay = dayRowsOf(corpus);

/** The first rows of each finding, and the good ones that are not marked for the night. */
export const dayRows: readonly CorpusRow[] = corpus.filter((row) => byDay.has(row));
