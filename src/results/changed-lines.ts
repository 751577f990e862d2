/** Where a unified diff changes a file: what an annotation on a pull request points to. */
import { parsePatch } from "diff";

/** Of every stretch of changed lines its first, from 1, as the new file counts them; where lines were only taken out, the one after. */
export function changedLines(patch: string): number[] {
  return parsePatch(patch).flatMap(({ hunks }) =>
    hunks.flatMap(({ newStart, lines }) => {
      const starts: number[] = [];
      let line = newStart;
      let wasChanged = false;
      for (const text of lines) {
        const isChanged = text.startsWith("+") || text.startsWith("-");
        if (isChanged && !wasChanged) starts.push(Math.max(1, line));
        wasChanged = isChanged;
        if (!text.startsWith("-") && !text.startsWith("\\")) line += 1;
      }
      return starts;
    }),
  );
}
