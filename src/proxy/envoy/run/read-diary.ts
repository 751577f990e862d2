/**
 * Envoy's log of one trial as a diary: what became of its connections, and of its process.
 */
import { groupLines, type ProxyDiary } from "../../proxy-diary.js";
import { readEnvoyLogLine } from "./read-log-line.js";

/** Of its start and its end, and what every Envoy is told that has no limit on connections. */
const idle =
  /^\[info\]|^\s|There is no configured limit to the number of allowed active downstream connections|caught ENVOY_SIGTERM/;

/** Those that are worth a look: a start lists every extension that is built in. */
export function shownLines(lines: readonly string[]): string[] {
  return lines.filter((line) => !idle.test(line));
}

export function readEnvoyDiary(lines: readonly string[]): ProxyDiary {
  return {
    lines,
    entries: groupLines(lines, readEnvoyLogLine),
    deaths: lines.filter((line) => readEnvoyLogLine(line).cause === "process-died"),
    reloads: 0,
  };
}
