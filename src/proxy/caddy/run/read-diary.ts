/**
 * Caddy's log of one trial as a diary.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readCaddyLogLine } from "./read-log-line.js";

/** Said at every start, reload and stop, and what each of wsrally's own questions leaves behind. */
const idle =
  /^(?:info|debug) (?!.*(?:load complete|streaming error|stream timed out))|admin endpoint on open interface|HTTP\/[23] skipped|exiting; byeee|automatic HTTPS is completely disabled|Caddyfile input is not formatted|^\s*$/;

/** @param all in `shownLine`'s words */
export function readCaddyDiary(all: readonly string[]): ProxyDiary {
  const lines = all.filter((line) => !idle.test(line));
  const entries = groupLines(lines, readCaddyLogLine);
  return {
    lines,
    entries,
    deaths: lines.filter((line) => readCaddyLogLine(line).cause === "process-died"),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}
