/** Cuts a report to what its place takes. */
import { formatNumberOf } from "../words/format.js";

/** The first lines that fit into so many bytes of UTF-8, and how many did not. */
export function fitLines(lines: readonly string[], bytes: number, noun: string): string[] {
  let used = 0;
  const end = lines.findIndex((line) => {
    used += Buffer.byteLength(line, "utf8") + 1;
    return used > bytes;
  });
  if (end === -1) return [...lines];
  return [...lines.slice(0, end), "", `… ${formatNumberOf(lines.length - end, noun)} left out for room`];
}
