/**
 * Two configs side by side, line by line, and within changed lines word by word. Ports on loopback are wsrally's own
 * choice, another one each run, and so no difference.
 */
import { diffArrays, diffWordsWithSpace } from "diff";

/** A piece of a line; `changed` where the other side says something else. */
interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

interface DiffLine {
  /** Counts from 1. */
  readonly number: number;
  readonly pieces: readonly Piece[];
}

/** What stands at one height: on both sides alike, on both but changed, or on one only. */
export type DiffRow =
  | { readonly kind: "same" | "changed"; readonly left: DiffLine; readonly right: DiffLine }
  | { readonly kind: "removed"; readonly left: DiffLine; readonly right: null }
  | { readonly kind: "added"; readonly left: null; readonly right: DiffLine }
  | { readonly kind: "skipped"; readonly count: number };

const loopbackPort = /\b(127(?:\.\d{1,3}){3}|\[::1\]|localhost):\d+/g;

/** @param context unchanged lines kept around each change; what lies between is a `skipped` row */
export function diffConfigs(
  left: string,
  right: string,
  { context }: { readonly context: number },
): DiffRow[] {
  return withContext(alignLines(linesOf(left), linesOf(right)), context);
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function masked(line: string): string {
  return line.replace(loopbackPort, "$1:").trimEnd();
}

function alignLines(left: readonly string[], right: readonly string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let at = 0;
  let to = 0;
  const chunks = diffArrays([...left], [...right], { comparator: (a, b) => masked(a) === masked(b) });
  for (const [i, { added, removed, count }] of chunks.entries()) {
    if (removed) {
      const next = chunks[i + 1];
      rows.push(
        ...replaced(left.slice(at, at + count), right.slice(to, to + (next?.added ? next.count : 0)), {
          at,
          to,
        }),
      );
      at += count;
      if (next?.added) to += next.count;
    } else if (!added) {
      rows.push(...Array.from({ length: count }, (_, j) => same(left, right, { at: at + j, to: to + j })));
      at += count;
      to += count;
    } else if (!chunks[i - 1]?.removed) {
      rows.push(...replaced([], right.slice(to, to + count), { at, to }));
      to += count;
    }
  }
  return rows;
}

interface Place {
  /** Lines before, on the left and on the right. */
  readonly at: number;
  readonly to: number;
}

function same(left: readonly string[], right: readonly string[], { at, to }: Place): DiffRow {
  return { kind: "same", left: plain(left[at] ?? "", at), right: plain(right[to] ?? "", to) };
}

function plain(text: string, before: number, changed = false): DiffLine {
  return { number: before + 1, pieces: [{ text, changed }] };
}

/** Lines that took the place of others, paired in order; what is left over stands alone. */
function replaced(old: readonly string[], fresh: readonly string[], { at, to }: Place): DiffRow[] {
  return Array.from({ length: Math.max(old.length, fresh.length) }, (_, i): DiffRow => {
    const left = old[i];
    const right = fresh[i];
    if (left === undefined) return { kind: "added", left: null, right: plain(right ?? "", to + i, true) };
    if (right === undefined) return { kind: "removed", left: plain(left, at + i, true), right: null };
    const words = diffWordsWithSpace(left, right);
    const side = (skip: "added" | "removed"): Piece[] =>
      words.flatMap((word) =>
        word[skip] ? [] : [{ text: word.value, changed: word.added || word.removed }],
      );
    return {
      kind: "changed",
      left: { number: at + i + 1, pieces: side("added") },
      right: { number: to + i + 1, pieces: side("removed") },
    };
  });
}

function withContext(rows: readonly DiffRow[], context: number): DiffRow[] {
  const isNear = rows.map((_, i) =>
    rows.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== "same"),
  );
  const kept: DiffRow[] = [];
  for (const [i, row] of rows.entries()) {
    const last = kept.at(-1);
    if (isNear[i]) kept.push(row);
    else if (last?.kind === "skipped") kept[kept.length - 1] = { kind: "skipped", count: last.count + 1 };
    else kept.push({ kind: "skipped", count: 1 });
  }
  return kept;
}
