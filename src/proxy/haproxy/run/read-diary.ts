/**
 * HAProxy's log of one trial as a diary: what became of its connections, and of its processes.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readHaproxyLogLine } from "./read-log-line.js";

/** Said of every proxy section that a stop or a reload ends, and by both of its voices. */
const idle = /Proxy \S+ stopped|haproxy version is|path to executable is|Loading success|New worker|^\s*$/;

export function readHaproxyDiary(all: readonly string[]): ProxyDiary {
  const lines = all.filter((line) => !idle.test(line));
  const entries = groupLines(lines, readHaproxyLogLine);
  return {
    lines,
    entries,
    deaths: lines
      .filter((line) => readHaproxyLogLine(line).cause === "process-died")
      .map((line) => /(?:Current|Former) worker.*/.exec(line)?.[0] ?? line),
    reloads: entries.filter(({ cause }) => cause === "reloaded").reduce((sum, { count }) => sum + count, 0),
  };
}
