/**
 * Apache's log of one trial as a diary.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readApacheLogLine } from "./read-log-line.js";

/** Said at every start, reload and stop. */
const idle = /AH00094|AH00491|AH00493|AH00169|AH00171|AH00295|AH00297|AH01873|AH02155|^\s*$/;
const started = /AH00489|AH00163|AH00292/;
/** Where mod_proxy talks, for the end of a quiet WebSocket alone. */
const talk = /^\[(?:debug|info|trace\d)\] (?!.*AH10223: .*\(504\))/;

/** What is worth to be told of a log: of starts those after the first, which are reloads. */
export function toldLines(log: readonly string[]): string[] {
  const first = log.findIndex((line) => started.test(line));
  return log.filter((line, index) => index !== first && !idle.test(line) && !talk.test(line));
}

/** @param lines as `toldLines` has them */
export function readApacheDiary(lines: readonly string[]): ProxyDiary {
  const entries = groupLines(lines, readApacheLogLine);
  return {
    lines,
    entries,
    deaths: lines.filter((line) => readApacheLogLine(line).cause === "process-died"),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}
