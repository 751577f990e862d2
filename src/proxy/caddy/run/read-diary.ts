/**
 * Caddy's log of one trial as a diary.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readCaddyLogLine, shownLine } from "./read-log-line.js";

/** Said at every start, reload and stop, and what each of wsrally's own questions leaves behind. */
const idle =
  /^(?:info|debug) (?!.*(?:load complete|streaming error|stream timed out))|admin endpoint on open interface|HTTP\/[23] skipped|exiting; byeee|automatic HTTPS is completely disabled|Caddyfile input is not formatted|^\s*$/;

/** What is worth to be told of a log, in words. */
export function toldLines(log: readonly string[]): string[] {
  return log.map(shownLine).filter((line) => !idle.test(line));
}

/** @param lines as `toldLines` has them */
export function readCaddyDiary(lines: readonly string[]): ProxyDiary {
  const entries = groupLines(lines, readCaddyLogLine);
  return {
    lines,
    entries,
    deaths: lines.filter((line) => readCaddyLogLine(line).cause === "process-died"),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}
