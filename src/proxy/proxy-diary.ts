/**
 * What a proxy's log says of one trial: its lines counted by message, and what became of its processes.
 */
import type { LogCause } from "../diagnosis/log-cause.js";

export interface ProxyLogEntry {
  /** In the proxy's own words ("error"); null where its log has none. */
  readonly level: string | null;
  /** With what differs from line to line taken out, so that like lines are counted together. */
  readonly message: string;
  readonly count: number;
  /** The first such line, as it stands in the log. */
  readonly example: string;
  /** Null where nothing is known to follow from it. */
  readonly cause: LogCause | null;
}

export interface ProxyDiary {
  /** Every line kept, in the log's order. */
  readonly lines: readonly string[];
  readonly entries: readonly ProxyLogEntry[];
  /** Processes that died though nobody asked them to, in the log's words. */
  readonly deaths: readonly string[];
  /** How often the proxy has read its config again. */
  readonly reloads: number;
}

/** A line of a log taken apart. */
export interface LogLine {
  readonly level: string | null;
  readonly message: string;
  readonly cause: LogCause | null;
}

/** Groups lines by message, the most frequent first. */
export function groupLines(
  lines: readonly string[],
  read: (line: string) => LogLine,
): readonly ProxyLogEntry[] {
  const entries = new Map<string, { -readonly [Key in keyof ProxyLogEntry]: ProxyLogEntry[Key] }>();
  for (const line of lines) {
    const { level, message, cause } = read(line);
    const key = JSON.stringify([level, message, cause]);
    const entry = entries.get(key);
    if (entry) entry.count++;
    else entries.set(key, { level, message, count: 1, example: line, cause });
  }
  return [...entries.values()].sort((a, b) => b.count - a.count);
}

/** Of a proxy whose log tells nothing but words. */
export function plainDiary(lines: readonly string[]): ProxyDiary {
  const entries = groupLines(lines, (line) => ({ level: null, message: line, cause: null }));
  return { lines, entries, deaths: [], reloads: 0 };
}
