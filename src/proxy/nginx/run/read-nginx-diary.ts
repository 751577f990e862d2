/**
 * nginx's logs of one trial as a diary: the error log at the level that the config gives it, and the log of our own at
 * `notice`, which tells of the processes whatever that level is.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readNginxLogLine } from "./read-log-line.js";

/**
 * @param errorLines of the config's own log
 * @param noticeLines of our log, which repeats most of the other's; of the rest only what has a known cause is kept
 */
export function readNginxDiary(errorLines: readonly string[], noticeLines: readonly string[]): ProxyDiary {
  const lines = [...errorLines, ...beyond(errorLines, noticeLines)];
  const entries = groupLines(lines, readNginxLogLine);
  return {
    lines,
    entries,
    deaths: lines
      .filter((line) => readNginxLogLine(line).cause === "process-died")
      .map((line) => /worker process.*|\w+ process \d+ exited.*/.exec(line)?.[0] ?? line),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}

function beyond(errorLines: readonly string[], noticeLines: readonly string[]): string[] {
  const known = new Map<string, number>();
  for (const line of errorLines) known.set(line, (known.get(line) ?? 0) + 1);
  return noticeLines.filter((line) => {
    const left = known.get(line) ?? 0;
    known.set(line, left - 1);
    return left <= 0 && readNginxLogLine(line).cause !== null;
  });
}
